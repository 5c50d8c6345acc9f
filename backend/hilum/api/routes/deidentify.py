"""`POST /deidentify`: de-identify a DICOM file; nothing is kept."""

import hashlib
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query, Response

from hilum.api import examples
from hilum.api.dependencies import Service
from hilum.api.problems import (
    TEXT_MASK_REFUSED,
    TEXT_SEARCH_UNAVAILABLE,
    UNREADABLE_RADIOGRAPH,
    UNSUPPORTED_FORMAT,
    ProblemError,
)
from hilum.api.uploads import FORM, Uploads, uploads
from hilum.deidentification.retain import RetainOption
from hilum.errors import ImageError
from hilum.imaging import DecodeLimits, ImageFormat
from hilum.imaging.signature import identify
from hilum.isolation import Isolation

if TYPE_CHECKING:
    from hilum.deidentification.deidentify import Deidentified
    from hilum.deidentification.pixel_text import PixelText

router = APIRouter(tags=["DICOM"])

_DICOM = "application/dicom"
_NAME_DIGITS = 24
_LOOK = (
    "Writing may be burned into the picture, where it still is, and may name the patient: look "
    "at it before passing it on."
)
_TEXT = {
    "found": "Text was found in the picture (places: {}), where it still is: it may name the "
    "patient. It is masked on request (mask_text=true).",
    "masked": "Text was masked in the picture (places: {}). Not all text is found: look at it "
    "before passing it on.",
    "masked_in_part": "Text was masked in the picture (places: {}), and some is left: look at it "
    "before passing it on.",
    "not_looked_for": "Text in the pixels was not looked for: look at the picture before passing "
    "it on.",
}
_PROBLEMS = examples.UPLOAD_PROBLEMS | {
    UNREADABLE_RADIOGRAPH: "The DICOM file holds several frames …",
    TEXT_MASK_REFUSED: "The picture looks like text over more than a third of the film …",
    TEXT_SEARCH_UNAVAILABLE: "The program tesseract is not installed …",
}


@router.post(
    "/deidentify",
    summary="De-identify a DICOM file (PS3.15 Basic Profile)",
    openapi_extra={"requestBody": FORM},
    response_class=Response,
    responses={
        200: {
            "content": {_DICOM: {"schema": {"type": "string", "format": "binary"}}},
            "description": "De-identified file. The header `Warning` lists data removed from "
            "places that viewers do not show, unknown codes that were left out, and text in the "
            "pixels",
        },
        **examples.responses(_PROBLEMS),
    },
)
async def deidentify_file(
    service: Service,
    uploads: Annotated[Uploads, Depends(uploads)],
    retain: Annotated[
        list[RetainOption] | None,
        Query(description="Retain options of the profile (PS3.15 E.3). Repeatable. Default: none"),
    ] = None,
    mask_text: Annotated[bool, Query(description="Mask text burned into the pixels")] = False,
) -> Response:
    """Remove the data that identify the patient from one DICOM file (`file`).

    Pixels do not change unless text is masked. UIDs are replaced for each file unless they are
    retained; if text was masked, the SOP Instance UID is always replaced. Nothing is kept.
    """
    file, options = uploads.only().file, frozenset(retain or ())
    limits = service.limits
    done, text = await service.run(
        lambda: _without_identity(
            service.content(file), options, limits, service.isolation, masks=mask_text
        )
    )
    # The original file name may contain the name of the patient.
    name = hashlib.sha256(text.content).hexdigest()[:_NAME_DIGITS]
    headers = {"Content-Disposition": f'attachment; filename="{name}.dcm"'}
    warnings = _warnings(done, text)
    if warnings:
        headers["Warning"] = f'299 - "{" ".join(warnings)}"'
    return Response(text.content, media_type=_DICOM, headers=headers)


def _warnings(done: "Deidentified", text: "PixelText") -> list[str]:
    warnings = []
    if done.removals:
        warnings.append(f"Removed from hidden places: {', '.join(sorted(done.removals))}.")
    if done.unknown_codes:
        keywords = ", ".join(sorted(done.unknown_codes))
        warnings.append(f"Codes that DICOM does not define were left out: {keywords}.")
    warnings += [_TEXT[text.state].format(text.places)] if text.state in _TEXT else []
    if not text.boxes and (done.has_burned_in_annotation or done.is_secondary_capture):
        warnings.append(_LOOK)
    return warnings


def _without_identity(
    content: bytes,
    options: frozenset[RetainOption],
    limits: DecodeLimits,
    isolation: Isolation,
    *,
    masks: bool,
) -> tuple["Deidentified", "PixelText"]:
    if identify(content) is not ImageFormat.DICOM:
        raise ProblemError(UNSUPPORTED_FORMAT, "Only DICOM files can be de-identified here.")
    # Imported here so that the service starts without pydicom.
    from hilum.deidentification.deidentify import deidentify
    from hilum.deidentification.pixel_text import PixelText, TextState, handle_text
    from hilum.deidentification.profile import Profile

    done = isolation.call(deidentify, content, Profile(options), limits=limits)
    try:
        text = isolation.call(handle_text, done.content, masks=masks, limits=limits)
    except ImageError:
        if masks:
            raise
        # The search exceeded its limits, or the worker ended.
        text = PixelText(done.content, TextState.NOT_LOOKED_FOR)
    return done, text
