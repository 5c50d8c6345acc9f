"""A bounded number of slots, given to clients in turn."""

from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio


class FairLimiter:
    """Slots for work. Where several clients wait, each gets one in turn, however much it asks for.

    A client that holds a slot does not get the last one: that is for a client without any, which
    then does not wait for the work of others, however long that takes.
    """

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._held: Counter[str] = Counter()
        # By client; the one whose turn is next is the first.
        self._waiting: dict[str, deque[anyio.Event]] = {}

    @asynccontextmanager
    async def slot(self, client: str) -> AsyncIterator[None]:
        """Hold a slot, once there is one for this client."""
        if self._may_take(client):
            self._held[client] += 1
        else:
            await self._wait(client)
        try:
            yield
        finally:
            self._hand_on(client)

    def _may_take(self, client: str) -> bool:
        free = self._slots - self._held.total()
        return free > 1 or (free == 1 and not self._held[client])

    async def _wait(self, client: str) -> None:
        turn = anyio.Event()
        self._waiting.setdefault(client, deque()).append(turn)
        try:
            await turn.wait()
        except BaseException:
            # The client has gone, perhaps just as its turn had come.
            if turn.is_set():
                self._hand_on(client)
            else:
                self._forget(client, turn)
            raise

    def _hand_on(self, by: str) -> None:
        self._held[by] -= 1
        if not self._held[by]:
            del self._held[by]
        while (client := next(filter(self._may_take, self._waiting), None)) is not None:
            self._held[client] += 1
            turns = self._waiting.pop(client)
            turns.popleft().set()
            if turns:
                self._waiting[client] = turns

    def _forget(self, client: str, turn: anyio.Event) -> None:
        turns = self._waiting[client]
        turns.remove(turn)
        if not turns:
            del self._waiting[client]
