"""`POST /deidentify`: a DICOM file without identity, for whoever asks; nothing is kept."""

import hashlib
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query, Response

from hilum.api import examples
from hilum.api.dependencies import Service
from hilum.api.problems import UNSUPPORTED_FORMAT, ProblemError
from hilum.api.uploads import FORM, Uploads, uploads
from hilum.deidentification.retain import RetainOption
from hilum.imaging import DecodeLimits, ImageFormat
from hilum.imaging.signature import identify

if TYPE_CHECKING:
    from hilum.deidentification.deidentify import Deidentified

router = APIRouter(tags=["DICOM"])

_DICOM = "application/dicom"
_NAME_DIGITS = 24
_LOOK = (
    "Writing may be burned into the picture, where it still is, and may name the patient: look "
    "at it before passing it on."
)


@router.post(
    "/deidentify",
    summary="Take a DICOM file's identity out (PS3.15 Basic Profile)",
    openapi_extra={"requestBody": FORM},
    response_class=Response,
    responses={
        200: {
            "content": {_DICOM: {"schema": {"type": "string", "format": "binary"}}},
            "description": "The file anew; the header `Warning` says what was removed from places "
            "that no viewer shows, and where its pixels may name someone",
        },
        **examples.responses(examples.UPLOAD_PROBLEMS),
    },
)
async def deidentify_file(
    service: Service,
    uploads: Annotated[Uploads, Depends(uploads)],
    retain: Annotated[
        list[RetainOption] | None, Query(description="What the profile's options retain")
    ] = None,
) -> Response:
    """Answer one DICOM file (`file`) without what tells whose it is; the pixels stay as they are.

    UIDs are new for each file unless they are retained. Nothing is kept.
    """
    file, options = uploads.only().file, frozenset(retain or ())
    limits = service.limits
    done = await service.run(lambda: _without_identity(service.content(file), options, limits))
    # The name that it came by may be a person's.
    name = hashlib.sha256(done.content).hexdigest()[:_NAME_DIGITS]
    headers = {"Content-Disposition": f'attachment; filename="{name}.dcm"'}
    warnings = []
    if done.removals:
        warnings.append(f"Removed from hidden places: {', '.join(sorted(done.removals))}.")
    if done.has_burned_in_annotation or done.is_secondary_capture:
        warnings.append(_LOOK)
    if warnings:
        headers["Warning"] = ", ".join(f'299 - "{warning}"' for warning in warnings)
    return Response(done.content, media_type=_DICOM, headers=headers)


def _without_identity(
    content: bytes, options: frozenset[RetainOption], limits: DecodeLimits
) -> "Deidentified":
    if identify(content) is not ImageFormat.DICOM:
        raise ProblemError(UNSUPPORTED_FORMAT, "Only DICOM files can be de-identified here.")
    # Serving starts without what DICOM takes.
    from hilum.deidentification.deidentify import deidentify
    from hilum.deidentification.profile import Profile

    return deidentify(content, Profile(options), limits=limits)
