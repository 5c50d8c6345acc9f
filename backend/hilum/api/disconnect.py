"""Cancellation of work whose client has disconnected."""

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class DisconnectMiddleware:
    """Cancels a request whose client has closed the connection before the answer begins.

    Routes no longer check the connection after they have received the body.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = _Watched(receive, send)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(request.watch)
            await request.run(self._app, scope)
            tasks.cancel_scope.cancel()
        if request.error is not None:
            raise request.error


class _Watched:
    """One request, and whether its client is still there."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._is_whole, self._has_left = anyio.Event(), anyio.Event()
        self._has_begun = False
        self._scope = anyio.CancelScope()
        self.error: Exception | None = None

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        """Answer the request, as long as its client is there."""
        try:
            with self._scope:
                await app(scope, self.receive, self.send)
        except Exception as exc:
            # Raised outside of the group, which would wrap it.
            self.error = exc

    async def watch(self) -> None:
        """Wait for the end of the body, and then for that of the connection."""
        await self._is_whole.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._has_left.set()
        if not self._has_begun:
            self._scope.cancel()

    async def receive(self) -> Message:
        """The body, and the end of the connection after it."""
        if self._is_whole.is_set():
            await self._has_left.wait()
            return {"type": "http.disconnect"}
        message = await self._receive()
        if not message.get("more_body", False):
            self._is_whole.set()
        if message["type"] == "http.disconnect":
            self._has_left.set()
        return message

    async def send(self, message: Message) -> None:
        """Send a part of the answer."""
        self._has_begun = True
        await self._send(message)
