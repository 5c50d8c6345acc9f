"""Files in the form of a request.

The form is parsed here because FastAPI's file parameters reject the empty text that Swagger and
HTML forms send for an empty field.
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
                            "One radiograph as DICOM, JPEG, PNG, WebP, TIFF, BMP, HEIC, AVIF, "
                            "JPEG 2000 or JPEG XL"
                        ),
                    },
                    "files": {
                        "type": "array",
                        "items": _BINARY,
                        # Else Swagger starts with one item, the text "string".
                        "example": [],
                        "description": "Several radiographs. The answer is a list",
                    },
                },
            }
        }
    },
}
"""The form in the OpenAPI document."""


@dataclass(frozen=True, slots=True)
class Uploads:
    """The files of one request, at least one.

    Attributes
    ----------
    are_several : bool
        They were sent in the field ``files``. The answer is a list, even for one file.
    """

    files: list[UploadFile]
    are_several: bool

    def only(self) -> UploadFile:
        """Return the file of a request that may have only one.

        Raises
        ------
        ProblemError
            There is more than one file.
        """
        if len(self.files) > 1:
            raise ProblemError(
                INVALID_REQUEST,
                f"This address takes one file; the request has {len(self.files)}. "
                "Send them in several requests.",
            )
        return self.files[0]


async def uploads(request: Request, service: Service) -> AsyncIterator[Uploads]:
    """Get the files of the request's form, and close them after the answer.

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
        # Also if the client has disconnected.
        with anyio.CancelScope(shield=True):
            await form.close()


def _refuse_parameters(form: FormData, request: Request) -> None:
    """Reject options in the form: they belong in the address, and must not be ignored."""
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
    # A field's name may be that of a patient: only usual names are repeated.
    others = ", ".join(repr(name) for name in dict.fromkeys(form) if name.lower() in _USUAL_NAMES)
    found = f" The request has: {others}." if others else ""
    return ProblemError(MISSING_FILE, _HOW + found)
