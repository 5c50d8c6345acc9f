"""`POST /verdicts`: verdicts for given probabilities."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool

from hilum.api import examples
from hilum.api.choices import ModelName, PointChoice, Words
from hilum.api.dependencies import Service
from hilum.api.problems import (
    INVALID_OPERATING_POINT,
    INVALID_REQUEST,
    MODEL_UNAVAILABLE,
    TOO_LARGE,
    UNKNOWN_MODEL,
    ProblemError,
)
from hilum.api.verdict_schemas import DecidedAnswer, decided
from hilum.findings import Finding
from hilum.models.operating_point import choose_operating_points
from hilum.models.verdict import find_verdicts

router = APIRouter(tags=["reading"])

_MOST = 1000

Share = Annotated[
    float,
    Field(ge=0, le=1, allow_inf_nan=False, strict=True),
    # Turns negative zero, which is within the bounds, into zero.
    AfterValidator(abs),
]


class ReadFigures(BaseModel):
    """Values of an earlier answer of `/predict` from which verdicts are computed."""

    model_config = ConfigDict(extra="forbid")

    probabilities: dict[Finding, Share] = Field(
        description="Calibrated probabilities by finding: `findings[].probability` by `code`.",
        examples=[{Finding.PNEUMONIA.value: 0.55}],
    )
    forced: StrictBool = Field(
        default=False, description="Value of `suitability.forced` in that answer."
    )
    intended: StrictBool | None = Field(
        default=None,
        description="Value of `suitability.population.intended` in that answer; null if unknown.",
    )


class VerdictQuestion(BaseModel):
    """Readings to find verdicts for."""

    model_config = ConfigDict(extra="forbid")

    readings: list[ReadFigures] = Field(min_length=1, max_length=_MOST)


@router.post(
    "/verdicts",
    summary="Find verdicts at another operating point",
    responses=examples.responses(
        {
            each: examples.READING_PROBLEMS[each]
            for each in (UNKNOWN_MODEL, INVALID_OPERATING_POINT, MODEL_UNAVAILABLE)
        }
        | {
            INVALID_REQUEST: f"readings.0.probabilities.{Finding.PNEUMONIA}: Input should be less "
            "than or equal to 1",
            TOO_LARGE: "The request is over 1 MB. Send less at once.",
        }
    ),
)
def find(
    service: Service,
    question: VerdictQuestion,
    words: Words,
    model: ModelName = None,
    operating_point: PointChoice = None,
) -> list[DecidedAnswer]:
    """Find the verdicts of earlier readings from their probabilities, without reading the image.

    For research and education. Not a medical device: a person decides.
    """
    card = service.registry.reader(model).card
    points = choose_operating_points(card, operating_point or ())
    lacking = [
        at for at, each in enumerate(question.readings) if card.main not in each.probabilities
    ]
    if lacking:
        raise ProblemError(
            INVALID_REQUEST,
            f"Reading {lacking[0]} has no probability of {card.main.value}, which model "
            f"{card.name!r} decides on: add it to `probabilities`.",
        )
    return [
        decided(
            find_verdicts(
                each.probabilities,
                card,
                points,
                is_forced=each.forced,
                is_intended=dict.fromkeys(each.probabilities, each.intended),
            ),
            card,
            words,
        )
        for each in question.readings
    ]
