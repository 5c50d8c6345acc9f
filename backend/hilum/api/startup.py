"""Messages of the server if the service cannot start."""

import sys

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hilum.errors import HilumError


class StartupMessageMiddleware:
    """Tells the server why the service cannot start: a message in place of a traceback.

    Whatever server runs the app logs what the lifespan protocol hands over, and ends.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return

        async def send_with_words(message: Message) -> None:
            # Sent while the error is handled.
            error = sys.exc_info()[1]
            if message["type"] == "lifespan.startup.failed" and isinstance(error, HilumError):
                message = {**message, "message": str(error)}
            await send(message)

        await self._app(scope, receive, send_with_words)
