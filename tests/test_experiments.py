"""The rows of docs/experiments.md are named as the commands print them."""

import re
from pathlib import Path

import pytest

from hilum.evaluation.localisation.report import METHODS
from hilum.evaluation.robustness.changes import CHANGES
from hilum.evaluation.shortcuts.report import WORDS
from hilum.models.evidence import Region
from hilum.words.catalogue import load_catalogue

TEXT = (Path(__file__).resolve().parents[1] / "docs" / "experiments.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("title", "meaning"), WORDS.values(), ids=WORDS)
def test_shortcuts(title, meaning):
    assert re.search(rf"\| {re.escape(title)} \| [^|]+ \| \d+ \| {re.escape(meaning)} \|", TEXT)


def test_regions_and_what_evidence_is_put_against():
    regions = {load_catalogue().say(f"region.{each.value}") for each in Region}
    told = set(re.findall(r"^\| evidence in: (.+?) \|", TEXT, re.MULTILINE))
    assert len(told) == 8
    assert told <= regions
    against = set(re.findall(r"^\| \*model minus (.+?)\* \|", TEXT, re.MULTILINE))
    assert against == set(METHODS.values()) - {METHODS["model"]}


def test_changes():
    told = re.findall(r"^\| ([^|*]+), [\d.]+ \([^|]+\) \| \d\.\d{3} \|", TEXT, re.MULTILINE)
    assert len(told) >= 9
    assert set(told) <= {each.words for each in CHANGES}
