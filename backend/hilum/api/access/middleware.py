"""Access checks, made before the request is read."""

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from hilum.api.access.policy import AccessPolicy
from hilum.api.middleware import refuse
from hilum.api.problems import ProblemError


class AccessMiddleware:
    """Answers a problem to what `AccessPolicy.check` refuses."""

    def __init__(self, app: ASGIApp, *, policy: AccessPolicy) -> None:
        self._app = app
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                self._policy.check(HTTPConnection(scope))
            except ProblemError as exc:
                await refuse(exc, scope, receive, send)
                return
        await self._app(scope, receive, send)
