"""`/session`: exchange of the token for a cookie that scripts cannot read."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from hilum.api import examples
from hilum.api.access.policy import SESSION_COOKIE, SESSION_SECONDS
from hilum.api.dependencies import Policy
from hilum.api.problems import INVALID_REQUEST, TOO_LARGE, UNAUTHENTICATED, ProblemError

router = APIRouter(prefix="/session", tags=["session"])


class SessionAnswer(BaseModel):
    """Whether a client may use the API."""

    is_required: bool = Field(description="True if the deployment has a token.")
    is_signed_in: bool = Field(description="True if this client may use the API.")


class Credential(BaseModel):
    """Credential for signing in."""

    token: str = Field(min_length=1, max_length=1024)


@router.get("", summary="Get the state of the session")
def show(request: Request, policy: Policy) -> SessionAnswer:
    """Tell whether the API needs a token, and whether this client is signed in."""
    try:
        policy.check_credential(request)
    except ProblemError:
        return SessionAnswer(is_required=True, is_signed_in=False)
    return SessionAnswer(is_required=policy.secret is not None, is_signed_in=True)


@router.post(
    "",
    status_code=204,
    summary="Sign in with the token",
    responses=examples.responses(
        {
            UNAUTHENTICATED: "This is not the service's token.",
            INVALID_REQUEST: "token: Field required",
            TOO_LARGE: "The request is over 1 MB. Send less at once.",
        }
    ),
)
def sign_in(credential: Credential, request: Request, response: Response, policy: Policy) -> None:
    """Set a session cookie for 12 hours. Programs send the token as a bearer token instead."""
    if policy.secret is None:
        return
    if not policy.is_token(credential.token.strip()):
        raise ProblemError(UNAUTHENTICATED, "This is not the service's token.")
    response.set_cookie(
        SESSION_COOKIE,
        policy.new_session(),
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


@router.delete("", status_code=204, summary="Sign out")
def sign_out(response: Response) -> None:
    """Remove the session cookie."""
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict")
