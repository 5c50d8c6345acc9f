"""`POST /predict`: read radiographs; `POST /anatomy`: measure one."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi import Request as HttpRequest
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from hilum.api import examples
from hilum.api.anatomy_schemas import AnatomyAnswer
from hilum.api.choices import IsForced, ModelNames, Orient, PointChoice, Words
from hilum.api.dependencies import RequestId, Service
from hilum.api.document_names import query_parameters
from hilum.api.evidence_schemas import EvidencePart
from hilum.api.image_schemas import ImageAnswer
from hilum.api.original_service import original_model
from hilum.api.problems import INVALID_REQUEST, Problem, ProblemError, problem_of
from hilum.api.reading_service import ReadingService, Request
from hilum.api.schemas import MeasuredAnswer, ReadingAnswer
from hilum.api.uploads import FORM, Uploads, uploads
from hilum.errors import ImageError, UnsuitableRadiographError
from hilum.models.anatomy import AnatomyReader
from hilum.models.reading_models import ReadingModels
from hilum.words.catalogue import load_catalogue

router = APIRouter(tags=["reading"])

WithAnatomy = Annotated[
    bool, Query(description="Also measure lungs, heart and the cardiothoracic ratio")
]
Masks = Annotated[
    Literal["png"] | None, Query(description="Add the mask of each organ in this image format")
]

_PROBLEMS = examples.responses(examples.READING_PROBLEMS)

_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "application/json": {"examples": examples.PREDICTIONS},
        }
    },
    **_PROBLEMS,
}


@router.post(
    "/predict",
    summary="Read chest radiographs",
    responses=_RESPONSES,
    openapi_extra={"requestBody": FORM},
)
async def predict(
    service: Service,
    request_id: RequestId,
    uploads: Annotated[Uploads, Depends(uploads)],
    words: Words,
    models: ModelNames = None,
    operating_point: PointChoice = None,
    force: IsForced = False,
    orient: Orient = None,
    anatomy: WithAnatomy = False,
    masks: Masks = None,
    evidence: Annotated[
        list[EvidencePart] | None,
        Query(
            description="Add the evidence for the reading as a 16-bit `map`, as an `overlay` "
            "painted on the radiograph, or as `contour` lines. Repeat the parameter for several"
        ),
    ] = None,
) -> ReadingAnswer | list[ReadingAnswer | Problem]:
    """Read one radiograph (`file`) or several (`files`).

    For several radiographs, the answer is a list in the same order; if one cannot be read, its
    entry is a problem, and the others are read.

    For research and education. Not a medical device: a person decides.
    """
    how = _How(
        Request(
            ReadingModels.choose(service.registry, models or (), operating_point or ()),
            words,
            is_forced=force,
            may_turn=orient == "auto",
            evidence=frozenset(evidence or ()),
        ),
        service.registry.anatomy() if anatomy else None,
        with_masks=masks is not None,
    )
    if not uploads.are_several:
        return await _answer(service, uploads.files[0], how)
    tasks = [_answer_or_problem(service, file, how, request_id) for file in uploads.files]
    return list(await asyncio.gather(*tasks))


@router.post("/", include_in_schema=False)
async def predict_as_before(
    service: Service, uploads: Annotated[Uploads, Depends(uploads)], request: HttpRequest
) -> ReadingAnswer:
    """Address for clients of the original student service, without parameters."""
    if not request.query_params.keys().isdisjoint(query_parameters(request.app)):
        raise ProblemError(
            INVALID_REQUEST, "This address takes no parameters. Send the request to /predict."
        )
    models = ReadingModels.choose(service.registry, [original_model(service.registry)])
    how = _How(Request(models, load_catalogue(service.language)))
    return await _answer(service, uploads.only(), how)


@router.post(
    "/anatomy",
    summary="Measure a chest radiograph",
    responses=examples.responses(examples.MEASURING_PROBLEMS),
    openapi_extra={"requestBody": FORM},
)
async def measure(
    service: Service,
    uploads: Annotated[Uploads, Depends(uploads)],
    words: Words,
    masks: Masks = None,
    orient: Orient = None,
) -> MeasuredAnswer:
    """Outline lungs and heart and measure the cardiothoracic ratio, without reading findings.

    For research and education. Not a medical device: a person decides.
    """
    reader = service.registry.anatomy()
    measured = await service.measure(uploads.only().file, reader, may_turn=orient == "auto")
    # Drawing the masks of a large image takes seconds.
    answer = await run_in_threadpool(
        AnatomyAnswer.of,
        measured.anatomy,
        measured.radiograph,
        reader,
        words,
        with_masks=masks is not None,
    )
    return MeasuredAnswer(
        anatomy=answer,
        image=ImageAnswer.of(measured.radiograph, words),
        notice=words.say("page.notice"),
    )


@dataclass(frozen=True, slots=True)
class _How:
    """Options of a request that apply to each of its files."""

    request: Request
    anatomy_reader: AnatomyReader | None = None
    with_masks: bool = False


async def _answer(service: ReadingService, file: UploadFile, how: _How) -> ReadingAnswer:
    done = await service.read(file.file, how.request)
    found = done.result
    anatomy = None
    if found.screening is not None and how.anatomy_reader is not None:
        anatomy = await run_in_threadpool(
            AnatomyAnswer.of,
            found.screening.anatomy,
            found.radiograph,
            how.anatomy_reader,
            how.request.words,
            with_masks=how.with_masks,
        )
    return ReadingAnswer.of(found, how.request.words, anatomy, done.evidence)


async def _answer_or_problem(
    service: ReadingService, file: UploadFile, how: _How, request_id: str
) -> ReadingAnswer | Problem:
    try:
        return await _answer(service, file, how)
    except (ImageError, UnsuitableRadiographError, ProblemError) as exc:
        return problem_of(exc, request_id)
