"""Shared by the trials of a model: robustness, shortcuts, localisation."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import typer
from numpy.typing import NDArray
from rich.progress import track

from hilum.cli.common import console, load_registry, reader_called
from hilum.cli.evaluate.options import task_on
from hilum.evaluation.reports.trial_figures import Report, put_into_card
from hilum.findings import Finding
from hilum.models import Reader, Reading, Registry
from hilum.models.measured import Trial
from hilum.models.task import Task

T = TypeVar("T")
R = TypeVar("R", bound=Report)


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """A model and the task for its trials."""

    reader: Reader
    task: Task
    registry: Registry

    def probabilities(self, readings: Sequence[Reading]) -> NDArray[np.float64]:
        """Probability of the task's finding in each reading."""
        return np.array([reading.probability(self.task.finding) for reading in readings])

    def tell(
        self, trial: Trial, report: R, table: Callable[[R], str], *, as_json: bool, into_card: bool
    ) -> None:
        """Print a report, and write its figures to the card if requested."""
        typer.echo(report.model_dump_json(indent=2) if as_json else table(report))
        if into_card:
            put_into_card(self.reader.bundle.folder, self.task.finding, {trial: report})
            console.print("The figures were written to the card.")


def load_tried(model: str, *findings: Finding | None) -> tuple[Tried, ...]:
    """Load a model by its name or folder, without site profile, and find its tasks of findings."""
    settings, registry = load_registry()
    reader = reader_called(model, settings, registry).without_site
    return tuple(Tried(reader, task_on(reader.card, finding), registry) for finding in findings)


def bar(words: str) -> Callable[[Sequence[T]], Iterable[T]]:
    """Return a progress bar with this text."""
    return lambda steps: track(steps, words, console=console)
