"""Addresses and content negotiation of DICOMweb."""

from typing import Annotated

from fastapi import Depends, Request

from hilum.api.problems import NOT_ACCEPTABLE, ProblemError
from hilum.pacs.multipart import parameters

PREFIX = "/dicomweb"


async def _base_url(request: Request) -> str:
    public: str = request.app.state.public_url
    return f"{public or str(request.base_url).rstrip('/')}{PREFIX}"


BaseUrl = Annotated[str, Depends(_base_url)]


def accepted(request: Request, *offered: str) -> str:
    """Return the first offered media type that the client accepts (PS3.18 8.7.4)."""
    header = request.headers.get("accept") or "*/*"
    wanted = [parameters(part)[0] for part in header.split(",")]
    for kind in offered:
        family = f"{kind.split('/')[0]}/*"
        if any(each in {kind, family, "*/*"} for each in wanted):
            return kind
    raise ProblemError(NOT_ACCEPTABLE, f"This address answers {' or '.join(offered)}.")
