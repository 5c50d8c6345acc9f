"""A model beside readers, and beside another model, on counts worked out by hand."""

import numpy as np
import pytest

from hilum.datasets.reader_labels import load_reader_labels
from hilum.errors import DatasetError
from hilum.evaluation.comparisons.models import compare_models
from hilum.evaluation.comparisons.readers import agreements, compare_readers
from hilum.evaluation.figures.outcomes import Outcomes

# Ten ill, ten well. The model finds 8 of the ill and alarms on 1 of the well.
LABELS = ["bacterial_pneumonia"] * 6 + ["pneumonia"] * 4 + ["normal"] * 10
SCORES = [0.9] * 8 + [0.2] * 2 + [0.8] + [0.1] * 9
# The reader misses the first three ill and none else, and alarms on the last two well.
READER = [False] * 3 + [True] * 7 + [False] * 8 + [True] * 2


@pytest.fixture
def outcomes(make_outcomes):
    return make_outcomes(LABELS, SCORES)


def _write(path, rows, head="path,reader,label"):
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def _load(table, outcomes, card):
    return load_reader_labels(table, outcomes.radiographs["name"], card)


def _reads(tmp_path, outcomes, card, **by_reader):
    rows = [
        f"{n}.png,{reader},{'pneumonia' if said else 'normal'}"
        for reader, calls in by_reader.items()
        for n, said in enumerate(calls)
    ]
    return load_reader_labels(
        _write(tmp_path / "reads.csv", rows), outcomes.radiographs["name"], card
    )


def test_a_reader_and_the_model_are_compared_on_the_same_pictures(tmp_path, outcomes, card):
    reads = _reads(tmp_path, outcomes, card, A=READER)

    (found,) = compare_readers(outcomes, card, reads)

    assert (found.reader, found.images, found.positives) == ("A", 20, 10)
    assert found.sensitivity.value == pytest.approx(0.7)
    assert found.model_sensitivity.value == pytest.approx(0.8)
    assert found.sensitivity_difference.value == pytest.approx(0.1)
    assert found.specificity_difference.value == pytest.approx(0.9 - 0.8)
    # Ill: only the reader finds 2, only the model 3. Well: only the reader clears 1, the model 2.
    assert (found.mcnemar_positive.only_first, found.mcnemar_positive.only_second) == (2, 3)
    assert (found.mcnemar_negative.only_first, found.mcnemar_negative.only_second) == (1, 2)
    # Both say ill on 5 and well on 7 of 20; each says ill on 9.
    chance = 0.45 * 0.45 + 0.55 * 0.55
    assert found.kappa.value == pytest.approx((0.6 - chance) / (1 - chance))


def test_readers_are_compared_where_both_read(tmp_path, outcomes, card):
    reads = _reads(tmp_path, outcomes, card, A=READER, B=READER[:12], C=[])

    (both,) = agreements(outcomes, reads)
    partly = compare_readers(outcomes, card, reads)[1]

    assert (both.first, both.second, both.images) == ("A", "B", 12)
    assert both.kappa.value == 1
    assert (partly.images, partly.positives) == (12, 10)


def test_names_are_found_by_path_file_or_stem(tmp_path, make_outcomes, card):
    outcomes = make_outcomes(["normal", "normal", "pneumonia"], [0.1, 0.2, 0.9])
    table = _write(
        tmp_path / "reads.csv",
        ["films/0.png,A,1", "1.jpg,A,absent", "2,A,Viral Pneumonia", "7.png,A,0"],
        head="name,reader,label",
    )

    reads = _load(table, outcomes, card)

    assert reads.by_reader == {"A": {"0.png": True, "1.png": False, "2.png": True}}
    assert reads.not_measured == ("7.png",)


@pytest.mark.parametrize(
    ("head", "rows", "words"),
    [
        ("path,label", ["0.png,1"], "lacks the columns reader"),
        ("reader,label", ["A,1"], "lacks a column path or name"),
        ("path,reader,label", ["0.png,,1"], "1 row of reads.csv names no reader"),
        ("path,reader,label", ["0.png,A,maybe"], "1 label .* 'maybe'"),
        ("path,reader,label", ["0.png,A,1", "0.png,A,0"], "read twice by one reader: A: 0.png"),
        ("path,reader,label", ["x.png,A,1"], "None of the 1 pictures .* x.png"),
    ],
)
def test_wrong_tables_of_reads_are_named(tmp_path, outcomes, card, head, rows, words):
    with pytest.raises(DatasetError, match=words):
        load_reader_labels(
            _write(tmp_path / "reads.csv", rows, head), outcomes.radiographs["name"], card
        )


def test_models_are_compared_at_their_own_points(make_outcomes, card):
    first = make_outcomes(LABELS, SCORES)
    # The second finds all ill, and alarms on the first four well.
    second = make_outcomes(LABELS, [0.95] * 8 + [0.7] * 2 + [0.6] * 4 + [0.05] * 6)

    found = compare_models(first, card, second, card, second_sha256="cd" * 32)

    assert found.differences["sensitivity"].value == pytest.approx(0.2)
    assert found.differences["specificity"].value == pytest.approx(-0.3)
    # Right decisions: only the second on the two ill, only the first on three of the well.
    assert (found.mcnemar.only_first, found.mcnemar.only_second) == (3, 2)
    assert found.delong.difference == pytest.approx(found.differences["auroc"].value)
    assert found.second_figures["auroc"].value == 1


def test_models_are_compared_on_pictures_that_both_read(make_outcomes, card):
    first, second = make_outcomes(LABELS, SCORES), make_outcomes(LABELS, SCORES[::-1])
    kept = np.array([0, 1, 12, 13, 14])
    fewer = Outcomes(second.radiographs.iloc[kept], second.probabilities[kept])

    found = compare_models(first, card, fewer, card, second_sha256="")

    assert (found.images, found.positives) == (5, 2)
    assert found.differences["auroc"].value == pytest.approx(
        found.second_figures["auroc"].value - 1
    )


def test_models_without_a_picture_in_common(make_outcomes, card):
    first = make_outcomes(LABELS, SCORES)
    none = Outcomes(first.radiographs.iloc[:0], np.zeros((0, 3)))

    with pytest.raises(DatasetError, match="No picture was read by both"):
        compare_models(first, card, none, card, second_sha256="")


def test_models_of_other_findings_are_not_compared(make_outcomes, card):
    first = make_outcomes(LABELS, SCORES)
    facts = {
        "name": "virus",
        "main": "viral_pneumonia",
        "tasks": [
            {
                "finding": "viral_pneumonia",
                "operating_point": {"threshold": 0.5, "criterion": "none", "chosen_on": "nothing"},
            }
        ],
    }
    other = type(card).model_validate(card.model_dump() | facts)

    with pytest.raises(
        DatasetError, match="Model 'virus' does not decide on pneumonia, as 'pneumonia' does"
    ):
        compare_models(first, card, first, other, second_sha256="")
