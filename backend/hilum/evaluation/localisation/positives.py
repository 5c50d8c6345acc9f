"""Measurements on positive films: anatomy, deletion, random weights, small changes."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hilum.errors import DatasetError
from hilum.evaluation.figures.resampling import PatientBootstrap, mean_interval
from hilum.evaluation.localisation.heat import ReadFilm, lying, read_film
from hilum.evaluation.localisation.report import OrderFigures, RandomisedRow, Stability
from hilum.evaluation.localisation.trials import (
    ORDERS,
    deletion_and_insertion,
    moved,
    other_films,
    overlap,
    randomised_networks,
    rank_correlation,
)
from hilum.evaluation.robustness.changes import Change
from hilum.imaging import Radiograph
from hilum.models import Reader, Reading, Screener
from hilum.models.calibration import calibrated
from hilum.models.card import EvidenceLayer
from hilum.models.evidence import Region
from hilum.models.evidence.maps import evidence_maps
from hilum.models.evidence.place import Heat
from hilum.models.evidence.regions import regions_under, shares_by_region
from hilum.models.task import Task

_MILD = 0


class PositiveFilms:
    """Measurements on positive films, one at a time.

    Parameters
    ----------
    reader : Reader
        With an evidence layer.
    task : Task
        Whose finding the films have.
    """

    def __init__(self, reader: Reader, task: Task, seed: int) -> None:
        self._reader, self._task, self._seed = reader, task, seed
        assert isinstance(reader.card.evidence, EvidenceLayer)
        self._shuffled = randomised_networks(
            reader.bundle.folder, reader.card.evidence.layer, seed=seed
        )
        self._patients: list[str] = []
        self._not_positive = 0
        self._shares: list[dict[Region, float]] = []
        self._even: list[float] = []
        self._areas: list[NDArray[np.float64]] = []
        self._correlations: list[list[float]] = []
        self._overlaps: list[list[float]] = []
        self._heats: list[Heat] = []
        self._changes: Sequence[Change] = ()

    def add(
        self,
        screener: Screener,
        radiograph: Radiograph,
        patient: str,
        changes: Sequence[Change],
        rng: np.random.Generator,
    ) -> None:
        """Measure one film, if it is above the operating point and lungs are found in it."""
        found = read_film(self._reader, screener, radiograph, self._task)
        has_lungs = found.screening.anatomy.lung_field is not None
        if not (found.is_above_operating_point and has_lungs):
            self._not_positive += 1
            return
        self._patients.append(patient)
        # Sides as they are displayed, of films that may be mirrored as well.
        regions = regions_under(found.place, found.screening.anatomy.organs)
        self._shares.append(shares_by_region(found.heat, regions))
        even = shares_by_region(np.ones(regions.shape, dtype=np.float32), regions)
        self._even.append(1 - even.get(Region.OUTSIDE, 0.0))
        [picture] = self._reader.prepare(
            [found.screening.radiograph], [found.screening.anatomy.lung_field]
        )
        self._areas.append(
            deletion_and_insertion(
                self._reader, self._task.finding, picture, found.heat, found.place, rng
            )
        )
        self._correlations.append(self._with_shuffled(picture, found.reading))
        self._heats.append(found.heat)
        self._changes = changes
        self._overlaps.append([self._stays(screener, found, change) for change in changes])

    def _with_shuffled(self, picture: NDArray[np.float32], reading: Reading) -> list[float]:
        card, task = self._reader.card, self._task
        own = evidence_maps(reading, card, task)[task.finding]
        correlations = []
        for maps_of in self._shuffled.values():
            logits, [maps] = maps_of(picture[np.newaxis])
            [given] = calibrated(logits, card.calibration, card.activation)
            by_finding = dict(zip(card.outputs, given, strict=True))
            shuffled = replace(
                reading,
                activation_maps=maps,
                findings=tuple(
                    replace(each, probability=float(by_finding.get(each.finding, 0.0)))
                    for each in reading.findings
                ),
            )
            other = evidence_maps(shuffled, card, task)[task.finding]
            correlations.append(rank_correlation(own, other))
        return correlations

    def _stays(self, screener: Screener, found: ReadFilm, change: Change) -> float:
        radiograph = found.screening.radiograph
        changed = change.apply(radiograph, _MILD, seed=self._seed)
        again = read_film(self._reader, screener, changed, self._task)
        before = moved(lying(found.heat, found.place), change, radiograph, _MILD, seed=self._seed)
        return overlap(before, lying(again.heat, again.place))

    def summary(self) -> dict[str, object]:
        """The report's fields."""
        if len(set(self._patients)) < 2:
            raise DatasetError(
                "Fewer than two patients have positive films above the operating point, so there "
                "is nothing to measure. Take a larger sample."
            )
        resamples = PatientBootstrap(self._patients)
        inside = np.array([1 - shares.get(Region.OUTSIDE, 0.0) for shares in self._shares])
        mean_shares = {
            region: float(np.mean([shares.get(region, 0.0) for shares in self._shares]))
            for region in Region
            if not region.is_without_side
        }
        areas = np.stack(self._areas)
        correlations = np.array(self._correlations)
        return {
            "images": len(self._patients),
            "patients": len(set(self._patients)),
            "not_read_positive": self._not_positive,
            "in_chest": mean_interval(resamples, inside),
            "by_region": mean_shares,
            "even_in_chest": float(np.mean(self._even)),
            "orders": tuple(_order(resamples, areas, number) for number in range(len(ORDERS))),
            "randomised": tuple(
                RandomisedRow(
                    shuffled=name,
                    rank_correlation=mean_interval(resamples, correlations[:, number]),
                )
                for number, name in enumerate(self._shuffled)
            ),
            "stability": self._stability(resamples),
        }

    def _stability(self, resamples: PatientBootstrap) -> Stability | None:
        if not self._changes:
            return None
        stays = np.array(self._overlaps)
        others = [
            overlap(self._heats[i], self._heats[j]) if j is not None else 0.0
            for i, j in enumerate(other_films(self._patients))
        ]
        return Stability(
            overlap=mean_interval(resamples, stays.mean(axis=1)),
            with_another_film=mean_interval(resamples, np.array(others)),
            by_change={
                change.words: float(stays[:, number].mean())
                for number, change in enumerate(self._changes)
            },
        )


def _order(resamples: PatientBootstrap, areas: NDArray[np.float64], number: int) -> OrderFigures:
    better = None
    if number:
        better = (
            mean_interval(resamples, areas[:, 0, number] - areas[:, 0, 0]),
            mean_interval(resamples, areas[:, 1, 0] - areas[:, 1, number]),
        )
    return OrderFigures(
        order=ORDERS[number],
        deletion=mean_interval(resamples, areas[:, 0, number]),
        insertion=mean_interval(resamples, areas[:, 1, number]),
        evidence_better=better,
    )
