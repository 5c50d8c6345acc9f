"""Figures of the anatomy model's image classification: kind, age group and view."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hilum.datasets.anatomy_films import AnatomyFilm
from hilum.evaluation.anatomy.drawn_pictures import DRAWN_KINDS, draw_picture
from hilum.evaluation.figures.resampling import PatientBootstrap, Weights, mean_interval
from hilum.evaluation.figures.statistics import auroc
from hilum.imaging import Radiograph, decode
from hilum.imaging.preprocess import resample
from hilum.models import Screener
from hilum.models.anatomy.card import PictureMetrics
from hilum.models.anatomy.picture import Picture, PictureKind
from hilum.models.measured import Interval
from hilum.models.screening import Screening
from hilum.populations import Population

_DRAWN_OF_A_KIND = 50
_DRAWN_SIDE_PX = 256


@dataclass(frozen=True, slots=True)
class PictureCase:
    """Answers of the model for one image, with its labels.

    Attributes
    ----------
    group : str
        Source of a film, or kind of another image.
    is_read : bool
        It passed the suitability check.
    is_adult, is_ap : bool or None
        Labels of the data set.
    """

    group: str
    patient: str
    is_read: bool
    picture: Picture
    is_adult: bool | None = None
    is_ap: bool | None = None


def picture_cases(screener: Screener, films: Iterable[AnatomyFilm]) -> list[PictureCase]:
    """Screen images as the service does."""
    return [
        _case(
            film.source if film.kind is PictureKind.FRONTAL_CHEST else film.kind.value,
            film.patient,
            screener.screen(_decoded(film, screener)),
            is_adult=film.is_adult,
            is_ap=film.is_ap,
        )
        for film in films
    ]


def drawn_cases(
    screener: Screener, films: Sequence[AnatomyFilm], *, seed: int
) -> list[PictureCase]:
    """Screen newly drawn images of kinds that must be rejected."""
    chest = [film for film in films if film.kind is PictureKind.FRONTAL_CHEST]
    return [
        _case(f"drawn_{kind.value}", f"{kind} {number}", screener.screen(radiograph))
        for kind in DRAWN_KINDS
        for number, radiograph in enumerate(_drawn(kind, chest, screener, seed=seed))
    ]


def _case(
    group: str,
    patient: str,
    screening: Screening,
    *,
    is_adult: bool | None = None,
    is_ap: bool | None = None,
) -> PictureCase:
    is_read, picture = screening.suitability.is_suitable, screening.anatomy.picture
    return PictureCase(group, patient, is_read, picture, is_adult, is_ap)


def _drawn(
    kind: PictureKind, films: Sequence[AnatomyFilm], screener: Screener, *, seed: int
) -> Iterator[Radiograph]:
    rng = np.random.default_rng((seed, list(PictureKind).index(kind)))
    template = _decoded(films[0], screener)

    def any_film(rng: np.random.Generator) -> np.ndarray:
        film = films[int(rng.integers(len(films)))]
        return resample(_decoded(film, screener).pixels, _DRAWN_SIDE_PX)

    for _ in range(_DRAWN_OF_A_KIND):
        pixels = draw_picture(kind, any_film, rng)
        yield replace(template, pixels=pixels, rows=pixels.shape[0], columns=pixels.shape[1])


def _decoded(film: AnatomyFilm, screener: Screener) -> Radiograph:
    side = screener.anatomy_reader.smallest_side_px
    return decode(film.path.read_bytes(), smallest_side_px=side)


def picture_metrics(cases: Sequence[PictureCase]) -> PictureMetrics:
    """Compute the figures from the cases."""
    groups = sorted({case.group for case in cases})
    by_group = {name: [case for case in cases if case.group == name] for name in groups}
    return PictureMetrics(
        accepted={name: _share(of, [case.is_read for case in of]) for name, of in by_group.items()},
        counts={name: len(of) for name, of in by_group.items()},
        **_estimate_metrics(
            "adult",
            [
                _Said(case, case.is_adult, _as_adult(case.picture), case.picture.adult_probability)
                for case in cases
                if case.is_adult is not None
            ],
        ),
        **_estimate_metrics(
            "ap",
            [
                _Said(case, case.is_ap, case.picture.is_ap, case.picture.ap_probability)
                for case in cases
                if case.is_ap is not None
            ],
        ),
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """Label of an image, and the model's answer."""

    case: PictureCase
    truth: bool
    said: bool | None
    probability: float | None


def _as_adult(picture: Picture) -> bool | None:
    is_adult = {Population.ADULTS: True, Population.CHILDREN: False}
    return is_adult.get(picture.population) if picture.population else None


def _share(cases: Sequence[PictureCase], flags: Sequence[bool]) -> Interval:
    resamples = PatientBootstrap([case.patient for case in cases])
    return mean_interval(resamples, np.array(flags, dtype=np.float64))


def _estimate_metrics(name: str, answers: Sequence[_Said]) -> dict[str, Interval | None]:
    scores = np.array([each.probability for each in answers], dtype=np.float64)
    truth = np.array([each.truth for each in answers])
    # A bundle without estimates gives no probabilities.
    if len(set(truth.tolist())) < 2 or np.isnan(scores).any():
        return {}

    def area(weights: Weights) -> np.ndarray:
        return auroc(truth, scores, weights)

    cases = [each.case for each in answers]
    answered = [each for each in answers if each.said is not None]
    wrong = [each.said is not each.truth for each in answered]
    return {
        f"{name}_auroc": PatientBootstrap([case.patient for case in cases]).interval(area),
        f"{name}_unknown": _share(cases, [each.said is None for each in answers]),
        f"{name}_wrong": _share([each.case for each in answered], wrong) if answered else None,
    }
