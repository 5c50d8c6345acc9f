"""The page at `/`, Swagger UI at `/docs`, and explanations of problem types."""

import mimetypes
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from hilum.api.compression import compressed
from hilum.api.problems import KINDS

router = APIRouter(include_in_schema=False)

_NOT_BUILT = "The page is not built. Run `make run`, or use the API: see /docs.\n"
_DAY_SECONDS = 86_400


@router.get("/docs")
def docs() -> HTMLResponse:
    """Swagger UI from local files, since hospital networks may block CDNs."""
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Hilum API",
        swagger_js_url="/swagger/swagger-ui-bundle.js",
        swagger_css_url="/swagger/swagger-ui.css",
        swagger_favicon_url="/favicon.svg",
        swagger_ui_parameters={"tryItOutEnabled": True, "defaultModelsExpandDepth": 0},
    )


@router.get("/problems/{slug}")
def explain_problem(slug: str) -> dict[str, str | int]:
    """Explain a problem type."""
    kind = next((kind for kind in KINDS if kind.slug == slug), None)
    if kind is None:
        raise HTTPException(404)
    return {"type": kind.type, "title": kind.title, "status": int(kind.status)}


@router.get("/")
def index(request: Request) -> Response:
    """The page itself."""
    return page("", request)


async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer all addresses without a route: files of the page, and addresses within it.

    Raises
    ------
    HTTPException
        404 where there is nothing, 405 where a file is sent to.
    """
    if scope["type"] != "http":
        await WebSocketClose()(scope, receive, send)
        return
    path = scope["path"].removeprefix("/")
    answer = await run_in_threadpool(page, path, Request(scope, receive))
    await answer(scope, receive, send)


def page(path: str, request: Request) -> Response:
    """A file of the built page, or the page itself for the addresses that it has within."""
    folder: Path = request.app.state.page_dir
    file = file_of_page(folder, path)
    if request.method != "GET":
        raise HTTPException(405 if file else 404)
    if file is not None:
        # Vite puts a hash into the names below assets/: those never change.
        hashed = path.startswith("assets/")
        age = f"max-age={365 * _DAY_SECONDS}, immutable" if hashed else "no-cache"
        return _sent(file, request, age)
    if path and "text/html" not in request.headers.get("accept", ""):
        raise HTTPException(404)
    if not (folder / "index.html").is_file():
        return PlainTextResponse(_NOT_BUILT)
    return _sent(folder / "index.html", request, "no-cache")


BY_ACCEPT = {"Vary": "Accept"}
"""Headers of what `wants_page` decides on."""


def wants_page(request: Request) -> bool:
    """Whether a browser asks at an address that page and API share, and the page is built."""
    folder: Path = request.app.state.page_dir
    asked = request.headers.get("accept", "")
    return "text/html" in asked and (folder / "index.html").is_file()


def _sent(file: Path, request: Request, age: str) -> FileResponse:
    form, headers = compressed(file, request.headers.get("accept-encoding", ""))
    kind = mimetypes.guess_type(file.name)[0]
    return FileResponse(form, headers={"Cache-Control": age, **headers}, media_type=kind)


def file_of_page(folder: Path, path: str) -> Path | None:
    """The file of the built page that has this address, if there is one.

    Parameters
    ----------
    folder : Path
        The built page.
    path : str
        Without the leading slash.
    """
    try:
        file = (folder / path).resolve()
        return file if file.is_relative_to(folder.resolve()) and file.is_file() else None
    except (OSError, ValueError):
        # Too long for a name, or with a zero byte in it: no file has it.
        return None
