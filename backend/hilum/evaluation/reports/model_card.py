"""Markdown page of a classifier's card: `card.md`. All numbers come from the card."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from hilum.evaluation.evaluate import NOTICE
from hilum.evaluation.figures.words import figure_words
from hilum.evaluation.reports.claim_checklist import claim_checklist
from hilum.findings import Finding
from hilum.models.card import Card
from hilum.models.measured import Interval, SplitMetrics, Trial
from hilum.models.task import Presence, Task

CARD_TEXT_FILE = "card.md"

_TRIALS: dict[Trial, str] = {
    "localisation": "Localisation of the evidence",
    "rereads": "Against radiologists who read the images again",
    "robustness": "Robustness to changes of acquisition",
    "shortcuts": "Shortcut tests",
}


def card_text(card: Card) -> str:
    """A model card (Mitchell et al., FAT* 2019) in Markdown.

    Returns
    -------
    str
        Ends in a line break.
    """
    sections = {
        "Intended use": _intended_use(card),
        "Output": _output(card),
        "Data": _data(card),
        "Training": _training(card),
        "Calibration and operating point": _calibration(card),
        "Figures": _of_tasks(card, _figures),
        "Across acquisitions": _of_tasks(card, _acquisitions),
        **{title: _of_tasks(card, partial(_trial, name)) for name, title in _TRIALS.items()},
        "Limits": [f"- {words}" for words in card.limits],
        "CLAIM 2024": claim_checklist(card),
    }
    lines = [f"# {card.title}", "", f"**{NOTICE}**"]
    for title, body in sections.items():
        if body:
            lines += ["", f"## {title}", "", *body]
    return "\n".join(lines) + "\n"


def _intended_use(card: Card) -> list[str]:
    return [
        card.intended_use,
        "",
        f"Population: {card.intended_population}.",
        "",
        f"Model `{card.name}`, version {card.version} of {card.created.isoformat()}.",
        "",
        f"SHA-256 of `{card.source}`: `{card.files.get(card.source, 'not stated')}`.",
    ]


def _of_tasks(card: Card, body: Callable[[Task], list[str]]) -> list[str]:
    """Lines for each task, below its name if there are several tasks."""
    found = {task.finding: body(task) for task in card.tasks_in_order}
    if len(found) == 1:
        return found[card.main]
    return [
        line
        for finding, lines in found.items()
        if lines
        for line in ("", f"### {finding.label}", "", *lines)
    ]


def _output(card: Card) -> list[str]:
    lines = [f"- {finding.label}: probability" for finding in card.outputs]
    for finding in card.findings[len(card.outputs) :]:
        summed = " and ".join(part.label.lower() for part in card.task(finding).parts)
        lines.append(f"- {finding.label}: sum of the probabilities of {summed}")
    unproven = [each.label.lower() for each in card.findings if not card.is_assessed(each)]
    if unproven:
        reason = "because figures are missing or do not meet the assessment rule"
        lines += ["", f"Shown as not assessed, {reason}: {', '.join(unproven)}."]
    return lines


def _data(card: Card) -> list[str]:
    lines = []
    for credit in card.training_data:
        lines += [
            f"- {credit.name}. Licence: {credit.licence}. Source: {credit.source}.",
            f"  Cite: {credit.citation}.",
        ]
    splits = card.training.get("splits", {})
    if splits:
        classes = list(dict.fromkeys(c for split in splits.values() for c in split["by_class"]))
        rows = [
            ["patients", *(of["patients"] for of in splits.values())],
            ["radiographs", *(of["images"] for of in splits.values())],
            *(
                [Finding(c).label.lower(), *(of["by_class"].get(c, 0) for of in splits.values())]
                for c in classes
            ),
        ]
        lines += ["", "Each patient is in one split only.", "", *_table(["", *splits], rows)]
    return lines or ["Not stated."]


def _training(card: Card) -> list[str]:
    how = card.preprocessing.model_dump(mode="json", exclude_none=True)
    lines = [
        f"- {card.parameters:,} parameters",
        "- Input: " + ", ".join(f"{_spaced(name)} {value}" for name, value in how.items()),
    ]
    run = {n: card.training[n] for n in ("epochs", "best_epoch", "keras") if n in card.training}
    lines += [f"- {_spaced(name).capitalize()}: {value}" for name, value in run.items()]
    config = card.training.get("config", {})
    plain = {name: value for name, value in _flat(config) if not name.startswith("preprocessing")}
    if plain:
        lines += ["", *_table(["setting", "value"], [[f"`{n}`", v] for n, v in plain.items()])]
    return lines


def _calibration(card: Card) -> list[str]:
    calibration = card.calibration
    biases = ", ".join(f"{bias:+.3f}" for bias in calibration.bias)
    temperatures = ", ".join(
        f"{temperature:.3f}" for temperature in dict.fromkeys(calibration.temperature)
    )
    lines = [f"- Temperature {temperatures}, biases {biases}; fitted on {calibration.fitted_on}."]
    for task in card.tasks_in_order:
        point, conformal = task.operating_point, task.conformal
        lines.append(
            f"- {task.finding.label} is called present at a probability of {point.threshold:.4f} "
            f"or above. Criterion: {point.criterion}; chosen on {point.chosen_on}."
        )
        if not task.calibrated:
            lines.append(
                f"- {task.finding.label} is not calibrated: its output is a score, not a "
                "probability."
            )
        if conformal is not None:
            lines.append(
                f"- Uncertain decisions: split conformal prediction by class, coverage "
                f"{100 * conformal.coverage:g} %, fitted on {conformal.fitted_on}. A decision is "
                "uncertain if the prediction set has two labels or none, if it contradicts the "
                "operating point, or if the probability is at least 50 % but below the operating "
                "point."
            )
    return lines


def _figures(task: Task) -> list[str]:
    if not task.metrics:
        return ["No figures were measured."]
    lines = [
        "At the shipped operating point, with 95 % intervals by bootstrap over patients.",
        "",
        *_splits_table(task.metrics),
    ]
    if task.worst_group is not None:
        worst = task.worst_group
        name = f"{worst.kind}: {worst.group}"
        lines += ["", "Worst group:", "", *_splits_table({name: worst.metrics})]
    for split, metrics in task.metrics.items():
        title = f"Confusion matrix, {split} (rows: label; columns: most probable finding):"
        lines += ["", title, ""]
        columns = list(dict.fromkeys(said for row in metrics.confusion.values() for said in row))
        lines += _table(
            ["", *(_label(code) for code in columns)],
            [
                [_label(true), *(row.get(said, 0) for said in columns)]
                for true, row in metrics.confusion.items()
            ],
        )
    return lines


def _label(code: str) -> str:
    """Label of a finding, or `present` and `absent`."""
    return code if code in set(Presence) else Finding(code).label.lower()


def _acquisitions(task: Task) -> list[str]:
    if not task.across_acquisitions:
        return []
    meaning = (
        "Networks trained with the same configuration, each measured at its own operating point on "
        "radiographs of an acquisition that was left out of its training. The figures show what to "
        "expect on an X-ray machine that is not in the training data."
    )
    return [
        meaning,
        "",
        *_splits_table(task.across_acquisitions),
    ]


def _splits_table(splits: Mapping[str, SplitMetrics]) -> list[str]:
    heads = ["figure", *(_split_words(name, of) for name, of in splits.items())]
    rows = [
        [words, *(_cell(getattr(metrics, name)) for metrics in splits.values())]
        for name, words in figure_words().items()
        if name in SplitMetrics.model_fields
        and any(getattr(metrics, name) for metrics in splits.values())
    ]
    return _table(heads, rows)


def _trial(name: Trial, task: Task) -> list[str]:
    found = task.trials.get(name)
    if not found:
        return []
    rows = [[each.words, _cell(each.figure), each.images, each.patients] for each in found]
    return _table(["figure", "value (95 % interval)", "radiographs", "patients"], rows)


def _split_words(name: str, metrics: SplitMetrics) -> str:
    return f"{name}: {metrics.images} radiographs of {metrics.patients} patients"


def _cell(interval: Interval | None) -> str:
    if interval is None:
        return "-"
    return f"{interval.value:.3f} ({interval.low:.3f} to {interval.high:.3f})"


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _flat(settings: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield above + name, value


def _table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]
