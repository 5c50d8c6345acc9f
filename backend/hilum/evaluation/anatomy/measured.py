"""All figures of an anatomy bundle on one set of films."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hilum.datasets.anatomy_films import AnatomyFilm
from hilum.datasets.organ_masks import MASKS
from hilum.evaluation.anatomy.cases import measure_cases, summarise
from hilum.evaluation.anatomy.children import child_cases, children_metrics
from hilum.evaluation.anatomy.pictures import drawn_cases, picture_cases, picture_metrics
from hilum.models import Screener
from hilum.models.anatomy import AnatomyReader
from hilum.models.anatomy.card import AnatomyMetrics, ChildrenMetrics, PictureMetrics

Progress = Callable[[Sequence[AnatomyFilm]], Iterable[AnatomyFilm]]


@dataclass(frozen=True, slots=True)
class MeasuredAnatomy:
    """Figures of one set of films.

    Attributes
    ----------
    metrics : mapping of str to AnatomyMetrics
        See `summarise`; empty without films that have masks of three organs.
    children : ChildrenMetrics or None
        None without films that have a mask of both lungs.
    """

    metrics: dict[str, AnatomyMetrics]
    children: ChildrenMetrics | None
    pictures: PictureMetrics

    def for_card(self, split: str) -> dict[str, Any]:
        """The card's fields of these figures."""
        return {
            "metrics": self.metrics,
            "children": {split: self.children} if self.children else {},
            "pictures": {split: self.pictures},
        }


def measured_anatomy(
    reader: AnatomyReader,
    films: Sequence[AnatomyFilm],
    split: str,
    *,
    seed: int,
    progress: Progress = lambda films: films,
) -> MeasuredAnatomy:
    """Compute all figures that the data allows.

    Parameters
    ----------
    films : sequence of AnatomyFilm
        Films not used for training.
    seed : int
        Seed of the drawn images.
    progress : callable
        Wraps films to show progress.
    """
    screener = Screener(reader)
    outlined = [film for film in films if len(film.masks) == len(MASKS)]
    children = [film for film in films if len(film.masks) == 1]
    looked_at = picture_cases(screener, progress(films))
    return MeasuredAnatomy(
        metrics=summarise(measure_cases(reader, progress(outlined)), split) if outlined else {},
        children=children_metrics(child_cases(reader, progress(children))) if children else None,
        pictures=picture_metrics([*looked_at, *drawn_cases(screener, films, seed=seed)]),
    )
