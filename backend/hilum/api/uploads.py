"""The form of a request: which files it holds.

Parsed here and not by the framework's own parameters, which take the empty text that Swagger
and plain forms send for a field left blank to be a malformed file.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import anyio
from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from hilum.api.dependencies import Service
from hilum.api.document_names import query_parameters
from hilum.api.form_parser import parse_form
from hilum.api.problems import INVALID_REQUEST, MISSING_FILE, ProblemError

_HOW = (
    "Send the radiograph as multipart/form-data, with a file in the field 'file', as "
    "`curl -F file=@film.dcm` does."
)
_USUAL_NAMES = frozenset(
    {"image", "images", "img", "picture", "photo", "upload", "uploads", "data", "dicom", "film",
     "radiograph", "xray", "x-ray", "file[]", "files[]", "file1", "filename"}
)  # fmt: skip

_BINARY = {"type": "string", "format": "binary"}
FORM: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {
                        **_BINARY,
                        "description": (
                            "One radiograph: JPEG, PNG, WebP, TIFF, BMP or DICOM; HEIC, AVIF, "
                            "JPEG 2000 or JPEG XL"
                        ),
                    },
                    "files": {
                        "type": "array",
                        "items": _BINARY,
                        # Else Swagger starts with one item, the text "string".
                        "example": [],
                        "description": "Several radiographs; the answer is a list",
                    },
                },
            }
        }
    },
}
"""The form as OpenAPI describes it."""


@dataclass(frozen=True, slots=True)
class Uploads:
    """The files of one request, at least one.

    Attributes
    ----------
    are_several : bool
        They came in the field ``files``: the answer is a list, even for one.
    """

    files: list[UploadFile]
    are_several: bool

    def only(self) -> UploadFile:
        """Return the file of a request that may have but one.

        Raises
        ------
        ProblemError
            There are more: none is left out in silence.
        """
        if len(self.files) > 1:
            raise ProblemError(
                INVALID_REQUEST,
                f"This address takes one file; the request has {len(self.files)}. "
                "Send them in several requests.",
            )
        return self.files[0]


async def uploads(request: Request, service: Service) -> AsyncIterator[Uploads]:
    """Take the files out of the request's form, and close them after the answer.

    Raises
    ------
    ProblemError
        No file, text in a file's place, several in ``file``, too many, or a parameter of the
        address among the fields.
    """
    form = await parse_form(request, service.max_files)
    if form is None:
        raise ProblemError(MISSING_FILE, _HOW)
    try:
        await run_in_threadpool(_refuse_parameters, form, request)
        one, several = _files_in(form, "file"), _files_in(form, "files")
        if not one and not several:
            raise _missing(form)
        if len(one) > 1:
            raise ProblemError(
                INVALID_REQUEST,
                "The field 'file' takes one file. Send several in the field 'files'.",
            )
        yield Uploads(one + several, are_several=bool(several))
    finally:
        # Of a client that has left, too.
        with anyio.CancelScope(shield=True):
            await form.close()


def _refuse_parameters(form: FormData, request: Request) -> None:
    """Refuse options in the form: they belong in the address, and are not to be passed over."""
    texts = {name for name, value in form.multi_items() if isinstance(value, str) and value}
    texts -= {"file", "files"}
    misplaced = sorted(texts & query_parameters(request.app)) if texts else []
    if misplaced:
        raise ProblemError(
            INVALID_REQUEST,
            f"{misplaced[0]}: Send this in the address, as in /predict?{misplaced[0]}=…; "
            "the form takes files only.",
        )


def _files_in(form: FormData, field: str) -> list[UploadFile]:
    values = [value for value in form.getlist(field) if value != ""]
    files = [value for value in values if isinstance(value, UploadFile)]
    if len(files) < len(values):
        raise ProblemError(INVALID_REQUEST, f"{field}: Send a file here, not text")
    return files


def _missing(form: FormData) -> ProblemError:
    # A field's name may be anything, a patient's too: only such as people usually try are told.
    others = ", ".join(repr(name) for name in dict.fromkeys(form) if name.lower() in _USUAL_NAMES)
    found = f" The request has: {others}." if others else ""
    return ProblemError(MISSING_FILE, _HOW + found)
