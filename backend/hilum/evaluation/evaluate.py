"""Evaluation of one model on one split of labelled radiographs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hilum.datasets.labelled import LabelledSet, LeftOut
from hilum.datasets.leakage import Leak, find_leaks, leaks_in_words, refuse_leaks
from hilum.datasets.reader_labels import load_reader_labels
from hilum.evaluation.comparisons.models import ModelComparison, compare_models
from hilum.evaluation.comparisons.readers import (
    Agreement,
    ReaderComparison,
    agreements,
    compare_readers,
)
from hilum.evaluation.figures.curves import curves
from hilum.evaluation.figures.decided import FEW, Figures
from hilum.evaluation.figures.decisions import (
    confusion_at_point,
    confusion_by_finding,
    decisions_by_truth,
)
from hilum.evaluation.figures.measure import measure, measure_subgroups
from hilum.evaluation.figures.outcomes import Outcomes, check_labels, read_pictures
from hilum.evaluation.figures.task_outcomes import task_outcomes
from hilum.evaluation.model_under_test import ModelUnderTest
from hilum.findings import Finding
from hilum.models.card import Card
from hilum.models.measured import Curves
from hilum.models.task import OperatingPoint, Task
from hilum.words.counts import counted, first_few

NOTICE = "For research and education. Not a medical device: a person decides."

Progress = Callable[[Sequence[Path], str], Iterable[Path]]
"""Wraps paths to show progress; takes them and what is being done with them, in words."""


@dataclass(frozen=True, slots=True, eq=False)
class TaskEvaluation:
    """Evaluation of one task, on the images with a known label.

    Attributes
    ----------
    confusion : mapping of str to mapping of str to int
        By truth, then by decision at the operating point.
    decided : mapping of str to mapping of str to int
        By truth, then by what the service decides: positive, uncertain or negative.
    curves : Curves or None
        None where the finding is present, or absent, in all pictures.
    """

    finding: Finding
    operating_point: OperatingPoint
    figures: Figures
    confusion: dict[str, dict[str, int]]
    decided: dict[str, dict[str, int]]
    curves: Curves | None
    subgroups: dict[str, dict[str, Figures]]


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Evaluation of a model.

    Attributes
    ----------
    data : str
        Name of the data.
    origin : str
        Description of the split.
    prevalence : float or None
        Additional prevalence for predictive values.
    tasks : tuple of TaskEvaluation
        Those that some picture is labelled for; the main task's first.
    confusion_by_finding : mapping of str to mapping of str to int
        By label, then by most probable output; empty where outputs do not exclude one another.
    refused : tuple of LeftOut
        Unsuitable radiographs that were read because evaluation forces reading.
    about_data : tuple of str
        Cautions of the split itself; see `LabelledSet`.
    compared_splits : tuple of str
        Those that were searched for leaks; empty: there was nothing to compare with.
    leaks : tuple of Leak
        Leaks that were found and allowed.
    reads_not_measured : tuple of str
        Pictures that people read and that are not among those measured.
    comparison : ModelComparison or None
    """

    card: Card
    sha256: str
    data: str
    split: str
    origin: str
    prevalence: float | None
    tasks: tuple[TaskEvaluation, ...]
    confusion_by_finding: dict[str, dict[str, int]]
    left_out: tuple[LeftOut, ...]
    refused: tuple[LeftOut, ...]
    knows_patients: bool
    about_data: tuple[str, ...] = ()
    compared_splits: tuple[str, ...] = ()
    leaks: tuple[Leak, ...] = ()
    readers: tuple[ReaderComparison, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    reads_not_measured: tuple[str, ...] = ()
    comparison: ModelComparison | None = None

    @property
    def main(self) -> TaskEvaluation:
        """The main task, or the first one that the pictures are labelled for."""
        return self.tasks[0]

    @property
    def cautions(self) -> list[str]:
        """Cautions for readers of the figures, as sentences."""
        said = list(self.about_data)
        measured = [task.finding for task in self.tasks]
        unknown = [each.finding for each in self.card.tasks if each.finding not in measured]
        if unknown:
            names = ", ".join(finding.label.lower() for finding in unknown)
            said.append(f"Not measured, because no picture has a label for it: {names}.")
        if self.leaks:
            said.append(leaks_in_words(self.leaks))
        if not self.compared_splits:
            said.append(
                "There is no other split, so it was not checked whether the model was trained on "
                "these patients."
            )
        if not self.knows_patients:
            said.append(
                "The patient of some pictures is unknown. Each of them counts as a patient of its "
                "own, so the intervals may be too narrow."
            )
        if self.left_out:
            said.append(f"Left out: {_named(self.left_out)}.")
        if self.refused:
            said.append(
                "Included in the figures although the service would reject them as unsuitable: "
                f"{_named(self.refused)}."
            )
        if self.reads_not_measured:
            said.append(
                "Ignored, because their pictures were not measured: "
                f"{counted(len(self.reads_not_measured), 'reader label')} "
                f"({first_few(self.reads_not_measured)})."
            )
        if self.main.figures.is_small:
            said.append(f"There are fewer than {FEW} pictures, so the figures are imprecise.")
        return said


def evaluate(
    model: ModelUnderTest,
    splits: Mapping[str, LabelledSet],
    split: str,
    *,
    data: str,
    origin: str = "",
    prevalence: float | None = None,
    readers: Path | None = None,
    against: ModelUnderTest | None = None,
    finding: Finding | None = None,
    allow_leaks: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Evaluate a model on one split.

    Parameters
    ----------
    splits : mapping of str to LabelledSet
        All splits; the others are searched for patients and pictures of this one.
    split : str
        The one to measure on.
    data : str
        Name of the data in the report.
    origin : str, optional
        Description of the split; see `Evaluation`.
    prevalence : float, optional
        In (0, 1).
    readers : Path, optional
        CSV of human readers' labels, see `hilum.datasets.reader_labels.load_reader_labels`.
    against : ModelUnderTest, optional
        Another model to compare with.
    finding : Finding, optional
        Finding to compare the models on; default: the main one.
    allow_leaks : bool
        Continue even if splits share patients or pictures.
    progress : callable, optional

    Raises
    ------
    DatasetError
        The data cannot be evaluated, leaks, or does not match the readers' table.
    """
    chosen = splits[split]
    check_labels(chosen.radiographs, model.card)
    shown = partial(_shown, progress)
    leaks = find_leaks(splits, split, progress=shown("looking for leaks"))
    if not allow_leaks:
        refuse_leaks(leaks)
    names = chosen.radiographs["name"].tolist()
    reader_labels = load_reader_labels(readers, names, model.card) if readers else None
    outcomes = read_pictures(chosen, model.read, model.card, progress=shown("reading"))
    comparison = None
    if against is not None:
        words = f"reading with {against.card.name}"
        theirs = read_pictures(chosen, against.read, against.card, progress=shown(words))
        comparison = compare_models(
            outcomes,
            model.card,
            theirs,
            against.card,
            second_sha256=against.sha256,
            finding=finding,
        )
    return Evaluation(
        card=model.card,
        sha256=model.sha256,
        data=data,
        split=split,
        origin=origin or f"split {split}",
        prevalence=prevalence,
        tasks=tuple(
            _measured(outcomes, model.card, task, prevalence)
            for task in model.card.tasks_in_order
            if outcomes.truth(model.card, task.finding).notna().any()
        ),
        confusion_by_finding=confusion_by_finding(outcomes, model.card),
        left_out=outcomes.left_out,
        refused=outcomes.refused,
        knows_patients=outcomes.knows_patients,
        about_data=chosen.cautions,
        compared_splits=tuple(name for name in splits if name != split),
        leaks=leaks,
        readers=tuple(compare_readers(outcomes, model.card, reader_labels))
        if reader_labels
        else (),
        agreements=tuple(agreements(outcomes, reader_labels)) if reader_labels else (),
        reads_not_measured=reader_labels.not_measured if reader_labels else (),
        comparison=comparison,
    )


def _named(pictures: Sequence[LeftOut]) -> str:
    """Number of pictures, and the names of the first few."""
    return f"{counted(len(pictures), 'picture')} ({first_few([each.name for each in pictures])})"


def _shown(
    progress: Progress | None, words: str
) -> Callable[[Sequence[Path]], Iterable[Path]] | None:
    return (lambda paths: progress(paths, words)) if progress else None


def _measured(
    outcomes: Outcomes, card: Card, task: Task, prevalence: float | None
) -> TaskEvaluation:
    said = task_outcomes(outcomes, card, task.finding)
    has_both = len(set(said.truth.tolist())) == 2
    return TaskEvaluation(
        finding=task.finding,
        operating_point=task.operating_point,
        figures=measure(outcomes, card, task, prevalence=prevalence),
        confusion=confusion_at_point(said, task),
        decided=decisions_by_truth(said, task),
        curves=curves(said.truth, said.score) if has_both else None,
        subgroups=measure_subgroups(outcomes, card, task),
    )
