"""The card of a classifier as a page for people: `card.md`. Every number comes from the card."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hilum.evaluation.evaluate import NOTICE
from hilum.evaluation.figures.measure import WORDS
from hilum.evaluation.reports.claim_checklist import claim_checklist
from hilum.findings import Finding
from hilum.models.bundle import KERAS_FILE
from hilum.models.card import Card
from hilum.models.measured import Interval, SplitMetrics, Trial, TrialFigure

CARD_TEXT_FILE = "card.md"

_TRIALS: dict[Trial, str] = {
    "localisation": "Where the evidence lies",
    "robustness": "Under changes that other machines make",
    "shortcuts": "What can be told without the lungs",
}


def card_text(card: Card) -> str:
    """A model card (Mitchell et al., FAT* 2019) in Markdown.

    Parameters
    ----------
    card : Card

    Returns
    -------
    str
        Ends in a line break.
    """
    sections = {
        "Intended use": _intended_use(card),
        "What it says": _answers(card),
        "Data": _data(card),
        "Training": _training(card),
        "Calibration and operating point": _calibration(card),
        "Figures": _figures(card),
        **({"Across acquisitions": _acquisitions(card)} if card.across_acquisitions else {}),
        **{_TRIALS[name]: _trial(found) for name, found in card.trials.items()},
        "Limits": [f"- {words}" for words in card.limits],
        "CLAIM 2024": claim_checklist(card),
    }
    lines = [f"# {card.title}", "", f"**{NOTICE}**"]
    for title, body in sections.items():
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
        f"SHA-256 of `{KERAS_FILE}`: `{card.files.get(KERAS_FILE, 'not stated')}`.",
    ]


def _answers(card: Card) -> list[str]:
    lines = [f"- {finding.label}: a probability" for finding in card.findings]
    for composite, parts in card.composites.items():
        summed = " and ".join(part.label.lower() for part in parts)
        lines.append(f"- {composite.label}: the sum of {summed}")
    told = (*card.findings, *card.composites)
    unproven = [finding.label.lower() for finding in told if not card.is_assessed(finding)]
    if unproven:
        lines += ["", f"Shown as not assessed, for want of figures: {', '.join(unproven)}."]
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
            [name, of["patients"], of["images"], *(of["by_class"].get(c, 0) for c in classes)]
            for name, of in splits.items()
        ]
        heads = ["split", "patients", "radiographs", *(Finding(c).label.lower() for c in classes)]
        lines += ["", "No patient is in two splits.", "", *_table(heads, rows)]
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
    lines = [
        (
            f"- Temperature {calibration.temperature:.3f}, biases {biases}; fitted on "
            f"{calibration.fitted_on}."
        )
    ]
    lines += [
        f"- {finding.label} is called at and above {point.threshold:.4f}: {point.criterion}, "
        f"chosen on {point.chosen_on}."
        for finding, point in card.operating_points.items()
    ]
    conformal = card.conformal
    if conformal is not None:
        lines.append(
            f'- "Uncertain": split conformal prediction by class, coverage '
            f"{100 * conformal.coverage:g} %, fitted on {conformal.fitted_on}. Two labels in the "
            "set or none, one that contradicts the operating point, or a probability below it "
            "but of at least 50 %."
        )
    return lines


def _figures(card: Card) -> list[str]:
    if not card.metrics:
        return ["None were measured."]
    lines = [
        "At the shipped operating point, with 95 % intervals by bootstrap over patients.",
        "",
        *_splits_table(card.metrics),
    ]
    for split, metrics in card.metrics.items():
        lines += ["", f"Labelled (rows) against most probable finding, {split}:", ""]
        columns = list(dict.fromkeys(said for row in metrics.confusion.values() for said in row))
        lines += _table(
            ["", *(Finding(code).label.lower() for code in columns)],
            [
                [Finding(true).label.lower(), *(row.get(said, 0) for said in columns)]
                for true, row in metrics.confusion.items()
            ],
        )
    return lines


def _acquisitions(card: Card) -> list[str]:
    meaning = (
        "Networks of the same recipe, each at its own operating point and on radiographs of an "
        "acquisition that it did not learn from: what another machine may cost."
    )
    return [
        meaning,
        "",
        *_splits_table(card.across_acquisitions),
    ]


def _splits_table(splits: Mapping[str, SplitMetrics]) -> list[str]:
    heads = ["figure", *(_split_words(name, of) for name, of in splits.items())]
    rows = [
        [words, *(_cell(getattr(metrics, name)) for metrics in splits.values())]
        for name, words in WORDS.items()
        if name in SplitMetrics.model_fields
        and any(getattr(metrics, name) for metrics in splits.values())
    ]
    return _table(heads, rows)


def _trial(found: Sequence[TrialFigure]) -> list[str]:
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
