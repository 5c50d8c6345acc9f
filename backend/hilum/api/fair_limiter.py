"""A bounded number of slots, given to clients in turn."""

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio


class FairLimiter:
    """Slots for work. Where several clients wait, each gets one in turn, however much it asks for.

    Parameters
    ----------
    slots : int
    """

    def __init__(self, slots: int) -> None:
        self._free = slots
        # By client; the one whose turn is next is the first.
        self._waiting: dict[str, deque[anyio.Event]] = {}

    @asynccontextmanager
    async def slot(self, client: str) -> AsyncIterator[None]:
        """Hold a slot, once there is one for this client.

        Parameters
        ----------
        client : str
        """
        if self._free:
            self._free -= 1
        else:
            await self._wait(client)
        try:
            yield
        finally:
            self._hand_on()

    async def _wait(self, client: str) -> None:
        turn = anyio.Event()
        self._waiting.setdefault(client, deque()).append(turn)
        try:
            await turn.wait()
        except BaseException:
            # The client has gone, perhaps just as its turn had come.
            if turn.is_set():
                self._hand_on()
            else:
                self._forget(client, turn)
            raise

    def _hand_on(self) -> None:
        if not self._waiting:
            self._free += 1
            return
        client = next(iter(self._waiting))
        turns = self._waiting.pop(client)
        turns.popleft().set()
        if turns:
            self._waiting[client] = turns

    def _forget(self, client: str, turn: anyio.Event) -> None:
        turns = self._waiting[client]
        turns.remove(turn)
        if not turns:
            del self._waiting[client]
