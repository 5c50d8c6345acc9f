"""`POST /report`: read a radiograph and return a report file; nothing is kept."""

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
"""OpenAPI schema of each report format, by media type."""

_MADE: dict[int | str, dict[str, Any]] = {200: {"description": "The report", "content": CONTENT}}
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
            description="Format of the report. `pdf`: one page, or two for many findings, for "
            "clinician and patient. `fhir`: FHIR R4 bundle. `json`: all figures. For DICOM files "
            "also "
            f"{', '.join(_FOR_A_STUDY[:-1])} and {_FOR_A_STUDY[-1]}",
        ),
    ] = Format.PDF,
    models: ModelNames = None,
    operating_point: PointChoice = None,
    force: IsForced = False,
    orient: Orient = None,
    identity: Annotated[
        bool,
        Query(
            description="Print the patient's name, ID and birth date from the DICOM header on the "
            "PDF"
        ),
    ] = False,
) -> Response:
    """Read one radiograph (`file`) and return its report in one format. Nothing is kept.

    DICOM and FHIR reports contain the patient and the identifiers of the file's study; the PDF
    contains the patient only with `identity=true`.

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
