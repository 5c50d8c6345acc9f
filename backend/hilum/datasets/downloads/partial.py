"""An unfinished download: its bytes, and validators of the remote file."""

import json
from pathlib import Path

import httpx2


class Partial:
    """The ``.part`` file of a download, with the server's validators beside it.

    Parameters
    ----------
    target : Path
        The finished file's path.
    url : str
        Where it comes from; a piece of another address's file is thrown away.
    """

    def __init__(self, target: Path, url: str) -> None:
        self.path = target.with_name(target.name + ".part")
        self._notes = target.with_name(target.name + ".part.json")
        self._url = url
        if self.path.exists() and self._read().get("url") != url:
            self.discard()

    @property
    def size(self) -> int:
        """Bytes received so far."""
        return self.path.stat().st_size if self.path.exists() else 0

    def resume_headers(self, *, trust_unvalidated: bool) -> dict[str, str]:
        """Give the request headers that ask for the rest, and for all of it if it changed.

        Parameters
        ----------
        trust_unvalidated : bool
            Whether to go on without a validator, since a checksum will tell.

        Returns
        -------
        dict of str to str
            Empty where the download starts from its beginning.
        """
        if self.size == 0:
            return {}
        validator = self._validator()
        if validator is None:
            return {"Range": f"bytes={self.size}-"} if trust_unvalidated else {}
        return {"Range": f"bytes={self.size}-", "If-Range": validator}

    def is_same(self, response: httpx2.Response) -> bool:
        """Say whether a partial answer is of the file that the piece is from.

        Parameters
        ----------
        response : httpx2.Response

        Returns
        -------
        bool
            False for a server that ignores ``If-Range`` and has another file by now.
        """
        known = self._read().get("etag")
        return known is None or response.headers.get("ETag", known) == known

    def remember(self, response: httpx2.Response) -> None:
        """Note the validators of the answer that is about to be written.

        Parameters
        ----------
        response : httpx2.Response
        """
        notes = {
            "url": self._url,
            "etag": response.headers.get("ETag"),
            "last_modified": response.headers.get("Last-Modified"),
        }
        self._notes.write_text(json.dumps(notes), encoding="utf-8")

    def discard(self) -> None:
        """Remove the piece and its notes."""
        self.path.unlink(missing_ok=True)
        self._notes.unlink(missing_ok=True)

    def _validator(self) -> str | None:
        notes = self._read()
        etag = notes.get("etag")
        # RFC 9110, 13.1.5: a weak entity tag must not be used with If-Range.
        if etag and not etag.startswith("W/"):
            return etag
        return notes.get("last_modified")

    def _read(self) -> dict[str, str | None]:
        try:
            notes = json.loads(self._notes.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return notes if isinstance(notes, dict) else {}
