"""Labels as a table: of one finding each, of wholes and parts, and where they are unknown."""

import numpy as np
import pandas as pd
import pytest

from hilum.datasets.labels import (
    LABEL_TYPE,
    columns_of_one,
    find_classes,
    find_truth,
    labels_in_words,
)
from hilum.findings import Finding

NORMAL, PNEUMONIA = Finding.NORMAL, Finding.PNEUMONIA
BACTERIAL, VIRAL = PNEUMONIA.parts


def table(**columns):
    """Of words of a letter for each row: y, n, and a question mark where it is unknown."""
    known = {"y": True, "n": False, "?": None}
    return pd.DataFrame(
        {name: pd.array([known[each] for each in row], LABEL_TYPE) for name, row in columns.items()}
    )


def letters(truth):
    return "".join("?" if pd.isna(each) else "y" if each else "n" for each in truth)


def test_of_a_radiograph_with_one_finding_the_others_are_absent():
    found = columns_of_one([NORMAL, BACTERIAL, VIRAL, Finding.EFFUSION])

    assert {name: letters(found[name]) for name in found} == {
        "normal": "ynnn",
        "pneumonia": "nyyn",
        "bacterial_pneumonia": "nynn",
        "viral_pneumonia": "nnyn",
        "effusion": "nnny",
    }


def test_of_a_radiograph_with_a_whole_the_parts_are_unknown():
    found = columns_of_one([NORMAL, PNEUMONIA, VIRAL])

    assert {name: letters(found[name]) for name in found} == {
        "normal": "ynn",
        "pneumonia": "nyy",
        "viral_pneumonia": "n?y",
    }


# Kleene's strong three-valued logic: all nine rows of "or".
FIRST, SECOND, EITHER = "yyynnn???", "yn?yn?yn?", "yyyyn?y??"


def test_a_whole_is_present_where_a_part_is_and_absent_where_all_are():
    labels = table(bacterial_pneumonia=FIRST, viral_pneumonia=SECOND)

    assert letters(find_truth(labels, PNEUMONIA, (BACTERIAL, VIRAL))) == EITHER
    assert letters(find_truth(labels, PNEUMONIA)) == "?" * 9


@pytest.mark.parametrize(("own", "expected"), [("y" * 9, "y" * 9), ("n" * 9, "n" * 9)])
def test_a_label_of_the_whole_goes_before_those_of_its_parts(own, expected):
    labels = table(pneumonia=own, bacterial_pneumonia=FIRST, viral_pneumonia=SECOND)

    assert letters(find_truth(labels, PNEUMONIA, (BACTERIAL, VIRAL))) == expected


def test_where_the_whole_is_unknown_its_parts_tell():
    labels = table(pneumonia="?" * 9, bacterial_pneumonia=FIRST, viral_pneumonia=SECOND)

    assert letters(find_truth(labels, PNEUMONIA, (BACTERIAL, VIRAL))) == EITHER


def test_a_part_without_a_column_leaves_the_whole_unknown_unless_another_is_present():
    labels = table(bacterial_pneumonia="yn?")

    assert letters(find_truth(labels, PNEUMONIA, (BACTERIAL, VIRAL))) == "y??"


def test_a_normal_radiograph_has_no_finding_unless_it_is_labelled_with_it():
    labels = table(normal="yyyn?", effusion="?ny??")

    assert letters(find_truth(labels, Finding.EFFUSION)) == "nny??"
    assert letters(find_truth(labels, Finding.MASS)) == "nnn??"
    assert letters(find_truth(labels, NORMAL)) == "yyyn?"


def test_the_class_is_the_only_finding_that_is_present():
    labels = table(normal="ynny?n", bacterial_pneumonia="nynyy?", viral_pneumonia="nnyn?n")

    classes = find_classes(labels, (NORMAL, BACTERIAL, VIRAL))

    assert classes.tolist() == [0, 1, 2, -1, 1, -1]
    assert find_classes(labels, (NORMAL, PNEUMONIA)).tolist() == [0, 1, 1, -1, 1, -1]
    assert classes.dtype == np.intp


def test_labels_are_told_by_the_parts_where_they_are_known():
    labels = table(normal="ynnn?", pneumonia="nyyn?", bacterial_pneumonia="nyn??", effusion="nnyn?")

    assert labels_in_words(labels) == [
        "normal", "bacterial_pneumonia", "pneumonia and effusion", "none of them", "none of them",
    ]  # fmt: skip
