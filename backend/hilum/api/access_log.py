"""Access log of the server, without patient data in addresses.

A search by DICOMweb has names and numbers in its query, an address of a study has its UID, and
people mistype addresses and paste names into them. So the log has the route in place of the
address: ``GET /readings/{reading_id}``.
"""

import logging
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

from starlette.routing import BaseRoute, Match

from hilum.api.routes.page import file_of_page

ELSEWHERE = "/*"
"""In place of an address that no route and no file of the page has."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
_METHOD, _PATH = 1, 2


class RouteInPlaceOfAddress(logging.Filter):
    """Puts the route in place of each address in uvicorn's access log.

    Parameters
    ----------
    routes : iterable of BaseRoute
        Of the app.
    page_dir : Path
        The built page, whose files have names of their own.
    """

    def __init__(self, routes: Iterable[BaseRoute], page_dir: Path) -> None:
        super().__init__()
        self._routes = tuple(routes)
        self._page_dir = page_dir.resolve()

    def filter(self, record: logging.LogRecord) -> bool:
        """Change a record of uvicorn's access log, and let it pass."""
        arguments = record.args
        if isinstance(arguments, tuple) and len(arguments) > _PATH:
            changed = list(arguments)
            method = str(arguments[_METHOD])
            changed[_METHOD] = method if method in _METHODS else "(other method)"
            changed[_PATH] = self._route_of(method, str(arguments[_PATH]))
            record.args = tuple(changed)
        return True

    def _route_of(self, method: str, address: str) -> str:
        path = unquote(address.partition("?")[0])
        scope = {"type": "http", "method": method, "path": path, "root_path": ""}
        for route in self._routes:
            template = getattr(route, "path_format", None)
            if template is not None and route.matches({**scope})[0] is not Match.NONE:
                return str(template)
        file = file_of_page(self._page_dir, path.removeprefix("/"))
        return ELSEWHERE if file is None else f"/{file.relative_to(self._page_dir).as_posix()}"


def install(routes: Iterable[BaseRoute], page_dir: Path) -> None:
    """Have uvicorn's access log pass by the filter."""
    log = logging.getLogger("uvicorn.access")
    # Of several apps in one process, the last one's: the others would call its addresses unknown.
    for each in [each for each in log.filters if isinstance(each, RouteInPlaceOfAddress)]:
        log.removeFilter(each)
    log.addFilter(RouteInPlaceOfAddress(routes, page_dir))
