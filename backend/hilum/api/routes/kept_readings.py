"""`/readings`: stored readings and their files."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from hilum.api import examples
from hilum.api.choices import IsForced, PointChoice
from hilum.api.dependencies import Held, Limit, Offset, Service
from hilum.api.notice import NOTICE
from hilum.api.problems import NOT_FOUND, NOT_TAKEN, UNKNOWN_READING, ProblemError
from hilum.api.routes.page import BY_ACCEPT, page, wants_page
from hilum.api.routes.report import CONTENT
from hilum.api.store_schemas import DeliveryAnswer, HeldDecisionAnswer, MissingFormAnswer
from hilum.api.uploads import FORM, Uploads, uploads
from hilum.models import Decision
from hilum.models.reading_models import ReadingModels
from hilum.models.verdict import VerdictCode
from hilum.reporting.forms import Format
from hilum.store.schema import HeldObject, HeldReading

router = APIRouter(prefix="/readings", tags=["held readings"])

_UNKNOWN = examples.responses({UNKNOWN_READING: "There is no such reading here."})
_NO_SUCH_FORM = examples.responses(
    {
        UNKNOWN_READING: "There is no such reading here.",
        NOT_FOUND: "This reading is held as: film, report.pdf, sr.",
    }
)
_PNG = {"schema": {"type": "string", "format": "binary"}}

_ADDRESSES = {each.value: each.form.address for each in Format}
_KINDS = {address: kind for kind, address in _ADDRESSES.items()}


class HeldReadingAnswer(BaseModel):
    """A stored reading."""

    id: str
    created: datetime
    model: str = Field(description="Model of the main decision.")
    model_version: str = Field(description="Version of that model.")
    model_sha256: str = Field(description="SHA-256 of that model's network.")
    decision: Decision = Field(description="Main decision.")
    verdict: VerdictCode | None = Field(
        description="Verdict on the main decision, or null if an earlier version of Hilum made the "
        "reading."
    )
    probability: float = Field(description="Calibrated probability of the main finding.")
    decisions: list[HeldDecisionAnswer] = Field(
        description="Decisions on all findings that the models decide on, the main decision first."
    )
    study_instance_uid: str | None = Field(
        description="Study Instance UID, or null if the file is not a DICOM file."
    )
    forms: dict[str, str] = Field(
        description="Addresses of the stored files of this reading, by format."
    )
    missing: list[MissingFormAnswer] = Field(
        description="Formats that could not be produced, for the store or for peers."
    )
    deliveries: list[DeliveryAnswer]
    notice: str = NOTICE

    @classmethod
    def of(cls, reading: HeldReading) -> Self:
        """Describe a reading."""
        decisions = [HeldDecisionAnswer.of(each) for each in reading.decisions]
        forms = {each.kind: f"/readings/{reading.id}/{_address(each)}" for each in reading.objects}
        studies = [each.study_instance_uid for each in reading.objects if each.study_instance_uid]
        return cls(
            id=reading.id,
            created=reading.created,
            **decisions[0].model_dump(exclude={"finding", "operating_point"}),
            decisions=decisions,
            study_instance_uid=studies[0] if studies else None,
            forms=dict(sorted(forms.items())),
            missing=[MissingFormAnswer(**each) for each in reading.missing or ()],
            deliveries=[DeliveryAnswer.of(each) for each in reading.deliveries],
        )


class HeldReadingList(BaseModel):
    """A page of stored readings, the latest first."""

    readings: list[HeldReadingAnswer]


@router.post(
    "",
    status_code=201,
    summary="Read a chest radiograph and store the reading",
    response_model=HeldReadingAnswer,
    openapi_extra={"requestBody": FORM},
    responses={
        200: {
            "model": HeldReadingAnswer,
            "description": "The stored reading of a file that was read before",
        },
        **examples.responses(
            examples.DECIDING_PROBLEMS | {NOT_TAKEN: "This file is being read already. Ask again."}
        ),
    },
)
async def keep(
    service: Service,
    held: Held,
    uploads: Annotated[Uploads, Depends(uploads)],
    force: IsForced = False,
    operating_point: PointChoice = None,
) -> JSONResponse:
    """Read one radiograph (`file`) and store the de-identified image with its reading.

    If the same file was read before, returns 200 with the stored reading.

    For research and education. Not a medical device: a person decides.
    """
    names = held.store.settings.rules.models
    models = ReadingModels.choose(service.registry, names, operating_point or ())
    file = uploads.only().file

    def work() -> tuple[HeldReading, bool]:
        content, store = service.content(file), held.store
        reading_id, is_new = store.read_now(content, models, is_forced=force)
        return store.reading(reading_id), is_new

    reading, is_new = await service.run(work)
    return JSONResponse(
        HeldReadingAnswer.of(reading).model_dump(mode="json"),
        201 if is_new else 200,
        headers={"Location": f"/readings/{reading.id}"},
    )


@router.get("", summary="List stored readings")
def list_readings(
    held: Held,
    limit: Limit = 50,
    offset: Offset = 0,
) -> HeldReadingList:
    """List stored readings, the latest first."""
    store = held.store
    found = store.readings(limit, offset)
    return HeldReadingList(
        readings=[HeldReadingAnswer.of(store.reading(each.id)) for each in found]
    )


@router.get(
    "/{reading_id}",
    summary="Get a stored reading",
    response_model=HeldReadingAnswer,
    responses={
        200: {
            "description": "The reading as JSON, or the page that shows it for a browser",
            "content": {"text/html": {"schema": {"type": "string"}}},
        },
        **_UNKNOWN,
    },
)
def show(
    reading_id: str, held: Held, request: Request, response: Response
) -> HeldReadingAnswer | Response:
    """Return a reading with the addresses of its files and the state of its deliveries."""
    if wants_page(request):
        found = page("", request)
        found.headers.update(BY_ACCEPT)
        return found
    response.headers.update(BY_ACCEPT)
    return HeldReadingAnswer.of(held.store.reading(reading_id))


@router.get(
    "/{reading_id}/{form}",
    summary="Get a file of a stored reading",
    description="Return a reading in one of its formats: "
    f"{', '.join(f'`{each}`' for each in _KINDS)}, or the radiograph (`film`).",
    response_class=Response,
    responses={
        200: {
            "description": "The file",
            # A film that is not a DICOM file is stored as PNG.
            "content": {"image/png": _PNG} | CONTENT,
        },
        **_NO_SUCH_FORM,
    },
)
def show_form(reading_id: str, form: str, held: Held) -> Response:
    """Return a stored file of a reading."""
    store = held.store
    reading = store.reading(reading_id)
    kind = _KINDS.get(form, form)
    found = next((each for each in reading.objects if each.kind == kind), None)
    if found is None:
        forms = ", ".join(sorted(_address(each) for each in reading.objects))
        raise ProblemError(NOT_FOUND, f"This reading is held as: {forms}.")
    return Response(
        store.content(found),
        media_type=found.media_type,
    )


@router.delete(
    "/{reading_id}", status_code=204, summary="Delete a stored reading", responses=_UNKNOWN
)
def delete(reading_id: str, held: Held) -> None:
    """Delete the radiograph, the reading and its files here; copies sent to peers remain."""
    held.store.delete(reading_id)


def _address(held: HeldObject) -> str:
    return _ADDRESSES.get(held.kind, held.kind)
