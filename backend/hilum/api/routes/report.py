"""`POST /report`: a reading as a file that people or a hospital's systems take; nothing is kept."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from hilum.api import examples
from hilum.api.choices import IsForced, ModelNames, Orient, PointChoice, Words
from hilum.api.dependencies import Service
from hilum.api.problems import FORM_NOT_AVAILABLE
from hilum.api.reading_service import Request
from hilum.api.uploads import FORM, Uploads, uploads
from hilum.models.reading_models import ReadingModels
from hilum.reporting.forms import Format

router = APIRouter(tags=["reading"])

CONTENT: dict[str, dict[str, Any]] = {
    each.form.media_type: {
        "schema": {"type": "object"}
        if each.form.media_type.endswith("json")
        else {"type": "string", "format": "binary"}
    }
    for each in Format
}
"""What the document says of each form's content, by media type."""

_MADE: dict[int | str, dict[str, Any]] = {200: {"description": "The file", "content": CONTENT}}
_FOR_A_STUDY = [f"`{each}`" for each in Format if each.form.needs_study]
_PROBLEMS = examples.responses(
    {
        **examples.READING_PROBLEMS,
        FORM_NOT_AVAILABLE: "A DICOM structured report belongs to a study: send a DICOM file.",
    }
)


@router.post(
    "/report",
    summary="Read a chest radiograph and write its report",
    response_class=Response,
    responses={**_PROBLEMS, **_MADE},
    openapi_extra={"requestBody": FORM},
)
async def write_report(
    service: Service,
    uploads: Annotated[Uploads, Depends(uploads)],
    words: Words,
    wanted: Annotated[
        Format,
        Query(
            alias="format",
            description="`pdf`: one page, for clinician and patient. `fhir`: an R4 bundle. "
            "`json`: all figures. "
            f"For DICOM files also {', '.join(_FOR_A_STUDY[:-1])} and {_FOR_A_STUDY[-1]}",
        ),
    ] = Format.PDF,
    models: ModelNames = None,
    operating_point: PointChoice = None,
    force: IsForced = False,
    orient: Orient = None,
    identity: Annotated[
        bool, Query(description="Print the DICOM header's name, ID and birth date on the PDF")
    ] = False,
) -> Response:
    """Read one radiograph (`file`) and answer its report in one form. Nothing is kept.

    What is made for a study (DICOM, FHIR) bears its patient and its identifiers, as the file
    does; the PDF bears them only where `identity` asks for it.

    For research and education. Not a medical device: a person decides.
    """
    reading = ReadingModels.choose(service.registry, models or (), operating_point or ())
    made = await service.report(
        uploads.only().file,
        Request(reading, words, is_forced=force, may_turn=orient == "auto"),
        wanted,
        with_identity=identity,
    )
    return Response(
        made.content,
        media_type=made.media_type,
        headers={"Content-Disposition": f'attachment; filename="{made.name}"'},
    )
