"""Which verdict the headline is about, and what the headline names."""

from collections.abc import Mapping

import pytest

from hilum.findings import Finding
from hilum.models.decision import Decision
from hilum.models.task import OperatingPoint
from hilum.models.verdict import Verdict, VerdictCode, leading
from hilum.reporting.verdict_words import headline_words
from hilum.words.catalogue import load_catalogue

_DECISIONS = {each.value: each for each in Decision}


def _verdicts(given: Mapping[str, tuple[str, float, float]]) -> list[Verdict]:
    """Verdicts by finding, from code, probability and threshold; the main one first."""
    return [
        Verdict(
            finding=Finding(finding),
            code=VerdictCode(code),
            decision=_DECISIONS.get(code, Decision.POSITIVE),
            probability=probability,
            point=OperatingPoint(threshold=threshold, criterion="chosen", chosen_on="folds"),
            prediction_set=None,
            coverage=None,
            coverage_measured=(),
            uncertain_between=None,
            rates=None,
            parts=(),
            cautions=(),
        )
        for finding, (code, probability, threshold) in given.items()
    ]


@pytest.mark.parametrize(
    ("given", "finding", "headline"),
    [
        # Twice its threshold is more than one and a half times.
        (
            {
                "abnormal": ("uncertain", 0.6, 0.5),
                "effusion": ("positive", 0.3, 0.2),
                "edema": ("positive", 0.2, 0.1),
            },
            "edema",
            "Signs of pulmonary edema and pleural effusion",
        ),
        # Any abnormality does not name one.
        (
            {"abnormal": ("positive", 0.9, 0.5), "hernia": ("positive", 0.06, 0.05)},
            "hernia",
            "Signs of diaphragmatic hernia",
        ),
        (
            {"abnormal": ("positive", 0.9, 0.5), "hernia": ("uncertain", 0.04, 0.05)},
            "abnormal",
            "Signs of any abnormality",
        ),
        (
            {"pneumonia": ("positive", 0.6, 0.5), "mass": ("positive", 0.9, 0.1)},
            "pneumonia",
            "Signs of pneumonia and mass",
        ),
        (
            {"abnormal": ("negative", 0.1, 0.5), "edema": ("uncertain", 0.1, 0.1)},
            "abnormal",
            "No sign of any abnormality",
        ),
        # A finding that is not assessed says nothing, however probable.
        (
            {"abnormal": ("uncertain", 0.6, 0.5), "mass": ("not_assessed", 0.9, 0.1)},
            "abnormal",
            "Uncertain: the model cannot tell",
        ),
        (
            {"abnormal": ("forced", 0.6, 0.5), "mass": ("forced", 0.9, 0.1)},
            "abnormal",
            "Not a reliable reading: the image failed the suitability check",
        ),
        (
            {"abnormal": ("outside_population", 0.6, 0.5), "mass": ("positive", 0.9, 0.1)},
            "abnormal",
            "Not a reliable reading: outside the intended population",
        ),
    ],
)
def test_headline(
    given: Mapping[str, tuple[str, float, float]], finding: str, headline: str
) -> None:
    verdicts = _verdicts(given)

    assert leading(verdicts).finding == finding
    assert headline_words(verdicts, load_catalogue("en")).text == headline
