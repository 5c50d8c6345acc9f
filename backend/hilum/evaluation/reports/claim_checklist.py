"""CLAIM 2024 checklist of a card: items that apply, and the sections that answer them.

Tejani et al., Checklist for Artificial Intelligence in Medical Imaging (CLAIM): 2024 Update,
Radiology: Artificial Intelligence 6(4), 2024, doi:10.1148/ryai.240300. Its 44 items are numbered
as there. Items on a paper's form (title, abstract, trial registration, funding) do not apply.
"""

from collections.abc import Callable

from hilum.models.card import Card

_OPEN = "not answered"

_Answer = str | Callable[[Card], str]


def _if(held: object, where: str) -> str:
    return where if held else _OPEN


def _splits(card: Card, where: str = "Data") -> str:
    return _if(card.training.get("splits"), where)


def _external(card: Card) -> str:
    own = ("train", "validation", "test", "folds")
    found = [name for name in card.main_task.metrics if name not in own]
    return f"Figures: {', '.join(found)}" if found else "not done; see Limits"


_ITEMS: tuple[tuple[int, str, _Answer], ...] = (
    (3, "Intended use and role", "Intended use"),
    (5, "Prospective or retrospective", "retrospective, on public data"),
    (7, "Data sources", lambda card: _if(card.training_data, "Data")),
    (9, "Preprocessing", "Training; `docs/model.md`"),
    (11, "De-identification", "by the publishers of the data"),
    (
        12,
        "Missing data",
        "files that cannot be decoded are excluded and counted; `docs/evaluate.md`",
    ),
    (
        14,
        "Reference standard",
        "labels from the publishers of the data; see the papers cited in Data",
    ),
    (18, "Variability between annotators", _OPEN),
    (19, "Assignment to partitions", _splits),
    (20, "Level at which partitions are disjoint", lambda card: _splits(card, "patient")),
    (21, "Intended sample size", "not set: all usable radiographs of the data sets"),
    (22, "Model", "Training; `docs/model.md`"),
    (23, "Software", lambda card: _if(card.training.get("keras"), "Training; `constraints.txt`")),
    (24, "Initial parameters", "`docs/model.md`"),
    (25, "Training", lambda card: _if(card.training.get("config"), "Training")),
    (
        26,
        "Choice of the final model",
        lambda card: _if(card.training.get("best_epoch"), "Training"),
    ),
    (28, "Metrics", lambda card: _if(card.main_task.metrics, "Figures")),
    (
        29,
        "Uncertainty of figures",
        lambda card: _if(card.main_task.metrics, "Figures; `docs/evaluate.md`"),
    ),
    (30, "Robustness", "`docs/model.md`"),
    (32, "Evaluation on internal data", lambda card: _if(card.main_task.metrics, "Figures")),
    (33, "Testing on external data", _external),
    (35, "Numbers included and excluded", _splits),
    (36, "Demographics of each partition", _OPEN),
    (37, "Performance, with uncertainty", lambda card: _if(card.main_task.metrics, "Figures")),
    (
        38,
        "Diagnostic performance, with precision",
        lambda card: _if(card.main_task.metrics, "Figures"),
    ),
    (
        39,
        "Failure analysis",
        lambda card: _if(card.main_task.metrics, "Figures: confusion matrices"),
    ),
    (40, "Limitations", lambda card: _if(card.limits, "Limits")),
    (41, "Implications for practice", "Intended use"),
    (42, "Technical details", "`docs/model.md`"),
    (43, "Availability", "code, weights and this card: in the repository; data: see Data"),
)


def claim_checklist(card: Card) -> list[str]:
    """Table of the items that apply to a model card, each with the section that answers it.

    Returns
    -------
    list of str
        Lines of Markdown. Items that the card does not answer are marked.
    """
    lines = [
        (
            "Items of the CLAIM checklist (doi:10.1148/ryai.240300) that apply to a model card, "
            "and the sections that answer them."
        ),
        "",
        "| item | topic | answer |",
        "| --- | --- | --- |",
    ]
    for number, what, answer in _ITEMS:
        where = answer if isinstance(answer, str) else answer(card)
        lines.append(f"| {number} | {what} | {where} |")
    return lines
