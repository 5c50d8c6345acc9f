"""What a card states of its model's trials."""

import shutil
from pathlib import Path

from hilum.evaluation.localisation.report import (
    METHODS,
    BoxRow,
    Localisation,
    MethodFigures,
    OrderFigures,
)
from hilum.evaluation.reports.trial_figures import put_into_card, trial_figures
from hilum.evaluation.robustness.report import FiguresWithIntervals, Robustness
from hilum.evaluation.shortcuts.report import ShortcutRow, Shortcuts
from hilum.findings import Finding
from hilum.models.bundle import load_bundle_of
from hilum.models.card import Card
from hilum.models.measured import Interval


def _at(value: float) -> Interval:
    return Interval(value=value, low=value - 0.01, high=value + 0.01)


def _localisation() -> Localisation:
    methods = [
        MethodFigures(
            method=method,
            figures={
                "pointing": _at(0.3 - number / 10),
                "auprc": _at(0.4),
                "inside": _at(0.2),
            },
            model_ahead={"pointing": _at(number / 10), "auprc": _at(0.1), "inside": _at(0.0)}
            if number
            else {},
        )
        for number, method in enumerate(METHODS)
    ]
    row = BoxRow(
        findings="Pneumonia",
        is_of_all=True,
        films=34,
        patients=33,
        read_positive=26,
        methods=tuple(methods),
    )
    called = {"findings": "Pneumonia, above the operating point", "is_of_all": False}
    other = {"findings": "Lung opacity (RSNA)", "films": 159}
    order = OrderFigures(
        order="random",
        deletion=_at(0.9),
        insertion=_at(0.8),
        evidence_better=(_at(0.09), _at(0.02)),
    )
    return Localisation(
        boxes=(row, row.model_copy(update=called), row.model_copy(update=other)),
        boxes_without_lungs=0,
        images=138,
        patients=115,
        not_read_positive=12,
        seed=0,
        in_chest=_at(0.88),
        by_region={},
        even_in_chest=0.6,
        orders=(order,),
        randomised=(),
        stability=None,
    )


def _robustness() -> Robustness:
    def three(value: float) -> FiguresWithIntervals:
        return FiguresWithIntervals(
            auroc=_at(value), sensitivity=_at(value), specificity=_at(value)
        )

    return Robustness(
        images=119, patients=102, positives=90, refused_clean=1, threshold=0.7, seed=0,
        clean=three(0.99), mean=three(0.98), worst=None, worst_rows={}, rows=(),
    )  # fmt: skip


def test_evidence_is_stated_on_positives_and_against_all_boxes_of_a_finding() -> None:
    stated = {each.words: each for each in trial_figures(_localisation())}
    chest = stated["evidence in lungs and heart"]
    assert (chest.figure.value, chest.images, chest.patients) == (0.88, 138, 115)
    taken = stated["deletion, evidence first: lower than random first by"]
    assert taken.figure.value == 0.09
    peak = stated["radiologists' boxes, pneumonia: peak in a box"]
    assert (peak.figure.value, peak.images, peak.patients) == (0.3, 34, 33)
    chance = "radiologists' boxes, pneumonia: peak in a box, above chance by"
    assert stated[chance].figure.value == 0.1
    assert stated["radiologists' boxes, lung opacity (RSNA): pixel AUPRC"].images == 159
    assert not [words for words in stated if "above the operating point" in words]


def test_figures_that_could_not_be_measured_are_left_out() -> None:
    stated = [each.words for each in trial_figures(_robustness())]
    assert stated[0] == "AUROC, unchanged"
    assert not [words for words in stated if "worst" in words]
    rows = [
        ShortcutRow(code="border", title="border", meaning="x", images=9, auroc=_at(0.9)),
        ShortcutRow(code="size", title="size", meaning="x", images=9, auroc=None),
    ]
    found = trial_figures(Shortcuts(images=9, patients=8, left_out=0, seed=0, rows=tuple(rows)))
    assert [each.words for each in found] == ["AUROC, border"]


def test_a_trial_takes_its_own_place_in_the_card_and_the_bundle_still_loads(
    models_dir: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(models_dir / "pneumonia", tmp_path / "pneumonia"))
    put_into_card(folder, Finding.PNEUMONIA, {"robustness": _robustness()})
    put_into_card(folder, Finding.PNEUMONIA, {"localisation": _localisation()})
    put_into_card(folder, Finding.PNEUMONIA, {"robustness": _robustness()})
    card = load_bundle_of(Card, folder).card
    assert sorted(card.main_task.trials) == ["localisation", "robustness"]
    assert card.main_task.trials["robustness"] == trial_figures(_robustness())
    text = (folder / "card.md").read_text("utf-8")
    assert "## Localisation of the evidence" in text
    assert "| evidence in lungs and heart | 0.880 (0.870 to 0.890) | 138 | 115 |" in text
