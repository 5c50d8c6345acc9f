"""The check from folder to report, on drawn films."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from hilum.datasets.folders import find_splits
from hilum.errors import DatasetError
from hilum.evaluation.evaluate import NOTICE, Evaluation, evaluate
from hilum.evaluation.figures.outcomes import Answer
from hilum.evaluation.model_under_test import ModelUnderTest, model_under_test
from hilum.evaluation.reports.evaluation_json import as_json
from hilum.evaluation.reports.model_card import card_text
from hilum.evaluation.reports.report import UNCERTAIN_WORDS, write_report
from hilum.evaluation.reports.report_plots import plots
from hilum.findings import Finding
from hilum.imaging import decode
from hilum.models import (
    Card,
    FindingReading,
    OperatingPoint,
    Reader,
    Reading,
    load_bundle,
)
from hilum.models.reading import TaskDecision
from tests.datasets.phantom_data import draw_to


@pytest.fixture(scope="module")
def subject(card: Card) -> ModelUnderTest:
    """Takes brightness for pneumonia; refuses, for the test, films of one size."""
    task = card.main_task
    # Decides by its point alone.
    alone = task.model_copy(update={"conformal": None})

    def read(content: bytes) -> Answer:
        film = decode(content)
        likely = float(np.clip(4 * film.pixels.mean() - 1.2, 0.01, 0.99))
        shares = (1 - likely, 0.7 * likely, 0.3 * likely)
        reading = Reading(
            findings=tuple(map(FindingReading, card.outputs, shares)),
            decisions=(TaskDecision.of(alone, likely, task.operating_point),),
            main=card.main,
            model_name=card.name,
            model_version=card.version,
            model_sha256="",
            preprocess_ms=0,
            inference_ms=0,
        )
        return Answer(reading, "Of an odd size." if film.columns == 97 else "")

    return ModelUnderTest(card, "ab" * 32, read)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty films with a table of age and sex, one that is damaged, one that is not labelled."""
    root = tmp_path_factory.mktemp("data")
    lines = ["path,label,patient,age,sex,view"]
    for n in range(40):
        is_ill = n % 2 == 0
        draw_to(root / f"films/{n}.png", seed=n // 2, opacity="both" if is_ill else None)
        label = "bacterial_pneumonia" if is_ill else "normal"
        lines.append(f"films/{n}.png,{label},p{n},{n},{'MF'[n % 3 > 0]},")
    (root / "films/damaged.png").write_bytes(b"\x89PNG\r\n\x1a\n, but no more")
    lines.append("films/damaged.png,normal,p99,3,F,")
    draw_to(root / "films/forgotten.png", seed=99)
    (root / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    readers = ["elsewhere,A & B,1", "nowhere,A & B,0"]
    readers += [
        f"{n},{reader},{n % modulus == 0}"
        for reader, modulus in (("A & B", 2), ("C", 3))
        for n in range(40)
    ]
    (root / "reads.csv").write_text("name,reader,label\n" + "\n".join(readers), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def evaluation(subject: ModelUnderTest, data: Path) -> Evaluation:
    splits = find_splits(data)
    other = ModelUnderTest(
        subject.card.model_copy(update={"version": "0.2"}), "ef" * 32, subject.read
    )
    return evaluate(
        subject,
        splits,
        "all",
        data="drawn films",
        origin="the table's split all",
        prevalence=0.1,
        readers=data / "reads.csv",
        against=other,
    )


class _Page(HTMLParser):
    """Ids, links, and whether every tag is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "path", "use", "rect", "br"):
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name in ("href", "src", "xlink:href", "srcset"):
                self.links.append(value)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in ("path", "use", "rect"):
            return
        assert self.open.pop() == tag


def test_what_cannot_be_read_is_listed_with_its_reason(evaluation):
    left_out = {each.name: each.reason for each in evaluation.left_out}

    assert set(left_out) == {"films/damaged.png", "films/forgotten.png"}
    assert "truncated or damaged" in left_out["films/damaged.png"]
    assert left_out["films/forgotten.png"] == "no row in labels.csv"
    assert evaluation.main.figures.images == 40
    # Those without a label are told before those that cannot be read.
    assert "Left out: 2 pictures (films/forgotten.png, films/damaged.png)." in evaluation.cautions


def test_reads_of_other_pictures_are_counted_and_named(evaluation):
    assert any("2 reader labels (elsewhere, nowhere)" in words for words in evaluation.cautions)


def test_what_the_service_would_refuse_is_measured_and_listed(subject, tmp_path):
    for n in range(3):
        draw_to(tmp_path / f"normal/{n}.png", seed=n)
        draw_to(tmp_path / f"pneumonia/{n}.png", seed=n, opacity="both", side=96 + (n == 1))

    found = evaluate(subject, find_splits(tmp_path), "all", data="drawn")

    assert [(each.name, each.reason) for each in found.refused] == [
        ("pneumonia/1.png", "Of an odd size.")
    ]
    assert found.main.figures.images == 6
    assert any("1 picture (pneumonia/1.png)" in words for words in found.cautions)
    page = write_report(found, tmp_path / "out").read_text(encoding="utf-8")
    assert "<li>pneumonia/1.png: Of an odd size.</li>" in page


def test_a_subject_reads_as_its_reader_at_the_point_that_is_asked_for(models_dir, tmp_path):
    reader = Reader(load_bundle(models_dir / "pneumonia"))
    point = OperatingPoint(threshold=0.25, criterion="as asked for", chosen_on="request")
    draw_to(tmp_path / "film.png", seed=1)
    content = (tmp_path / "film.png").read_bytes()

    found = model_under_test(reader, None, points={Finding.PNEUMONIA: point})
    answer = found.read(content)

    assert found.card.main_task.operating_point == point
    assert reader.card.main_task.operating_point.threshold == 0.5
    assert answer.refusal == ""
    assert answer.reading.main_decision.operating_point == point
    again = reader.read(decode(content), None, {Finding.PNEUMONIA: point})
    assert answer.reading.findings == again.findings


def test_a_model_beside_itself_does_not_differ(evaluation):
    found = evaluation.comparison

    assert found.delong.p_value == 1
    assert found.kappa is None or found.kappa.value == 1
    assert {figure.value for figure in found.differences.values()} == {0}


def test_the_report_is_one_page_that_needs_nothing_else(evaluation, tmp_path):
    page = write_report(evaluation, tmp_path / "report")
    text = page.read_text(encoding="utf-8")
    parsed = _Page()
    parsed.feed(text)

    assert parsed.open == []
    assert len(parsed.ids) == len(set(parsed.ids))
    assert all(link.startswith("#") and link[1:] in parsed.ids for link in parsed.links)
    assert not re.search(r"url\((?!#)|@import|<script|<link", text)
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(parsed.ids)


def test_the_report_says_what_it_is_of(evaluation, tmp_path):
    text = write_report(evaluation, tmp_path).read_text(encoding="utf-8")
    auroc = evaluation.main.figures.figures["auroc"]

    assert NOTICE in text
    assert evaluation.sha256 in text
    assert "A &amp; B" in text
    assert "<dd>drawn films, the table&#39;s split all</dd>" in text
    assert f"{auroc.low:.3f} to {auroc.high:.3f}" in text
    assert "fewer than 30" in text
    assert UNCERTAIN_WORDS in text
    assert "<dd>0.5000: none, chosen on nothing</dd>" in text
    assert "<small>1 patient</small>" in text
    assert "15 equal bins; the reliability plot has 10" in text
    assert "films/damaged.png" in text
    assert text.count('role="img"') == 7
    assert "#14212a" not in text.split("</style>")[1]


def test_numbers_and_plots_stand_beside_the_report(evaluation, tmp_path):
    write_report(evaluation, tmp_path)
    numbers = json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8"))

    assert numbers == json.loads(json.dumps(as_json(evaluation)))
    assert numbers["model"]["sha256"] == evaluation.sha256
    assert (numbers["images"], numbers["positives"]) == (40, 20)
    assert numbers["data"]["origin"] == "the table's split all"
    assert "about_data" not in numbers
    assert list(numbers["decided"]["positive"]) == ["positive", "uncertain", "negative"]
    assert sum(numbers["decided"]["negative"].values()) == 20
    assert set(numbers["figures"]["auroc"]) == {"value", "low", "high"}
    assert numbers["subgroups"]["sex"]["female"]["images"] == 26
    assert numbers["readers"][0]["sensitivity"]["value"] == 1
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == [
        "confusion.svg",
        "confusion_by_finding.svg",
        "decision.svg",
        "histogram.svg",
        "precision_recall.svg",
        "reliability.svg",
        "roc.svg",
    ]


def test_precision_goes_in_steps_from_recall_to_recall(evaluation, card):
    drawn = plots(evaluation.main, evaluation.confusion_by_finding)
    axes = Figure().add_subplot()

    drawn["precision_recall"][1](axes)

    assert "steps-pre" in {line.get_drawstyle() for line in axes.lines}


def test_a_report_written_twice_is_the_same(evaluation, tmp_path):
    first = write_report(evaluation, tmp_path / "a").read_bytes()

    assert write_report(evaluation, tmp_path / "b").read_bytes() == first


def test_a_folder_that_is_a_file(evaluation, tmp_path):
    (tmp_path / "taken").write_text("")

    with pytest.raises(DatasetError, match="cannot be written"):
        write_report(evaluation, tmp_path / "taken")


def test_leaks_are_refused_until_told_to_go_on(subject, tmp_path):
    for split in ("train", "test"):
        for n in range(3):
            draw_to(tmp_path / split / f"normal/{n}.png", seed=n)
            draw_to(tmp_path / split / f"pneumonia/{n}.png", seed=n + 3, opacity="both")
    splits = find_splits(tmp_path)

    with pytest.raises(DatasetError, match="same file: 6"):
        evaluate(subject, splits, "test", data="drawn")
    found = evaluate(subject, splits, "test", data="drawn", allow_leaks=True)

    assert {leak.kind.value for leak in found.leaks} == {"same_file"}
    assert "same file: 6): test/normal/0.png = train/normal/0.png" in found.cautions[0]
    assert "6 found" in write_report(found, tmp_path / "out").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("label", "words"),
    [("normal", "none is with pneumonia"), ("pneumonia", "none is without pneumonia")],
)
def test_one_class_is_refused(subject, tmp_path, label, words):
    draw_to(tmp_path / label / "a.png", seed=0)

    with pytest.raises(DatasetError, match=rf"All of 1 picture are of one class .*{words}"):
        evaluate(subject, find_splits(tmp_path), "all", data="drawn")


def test_unreadable_pictures_only_are_refused(subject, tmp_path):
    for label in ("normal", "pneumonia"):
        (tmp_path / label).mkdir()
        (tmp_path / label / "a.png").write_bytes(b"nothing")

    with pytest.raises(DatasetError, match=r"None of 2 pictures can be read: normal/a.png"):
        evaluate(subject, find_splits(tmp_path), "all", data="drawn")


def test_labels_that_the_model_does_not_tell_are_refused(subject, tmp_path):
    draw_to(tmp_path / "normal/a.png", seed=0)
    draw_to(tmp_path / "pneumonia/b.png", seed=1)
    findings = (Finding.NORMAL, Finding.VIRAL_PNEUMONIA)
    task = subject.card.main_task.model_copy(
        update={"finding": Finding.VIRAL_PNEUMONIA, "parts": ()}
    )
    changes = {"outputs": findings, "tasks": (task,), "main": Finding.VIRAL_PNEUMONIA}
    card = subject.card.model_copy(update=changes)

    with pytest.raises(DatasetError, match="1 picture is labelled pneumonia, which model"):
        evaluate(ModelUnderTest(card, "", subject.read), find_splits(tmp_path), "all", data="drawn")


def test_the_cards_text_holds_the_cards_numbers(evaluation, card):
    figures = evaluation.main.figures.figures
    metrics = {
        name: figure.model_dump()
        for name, figure in figures.items()
        if figure and name in {"auroc", "accuracy", "sensitivity", "specificity", "brier", "f1"}
    } | {
        "expected_calibration_error": figures["expected_calibration_error"].model_dump(),
        "patients": 40,
        "images": 40,
        "positives": 20,
        "confusion": evaluation.confusion_by_finding,
    }
    told = type(card).model_validate(
        card.model_dump()
        | {
            "tasks": [card.main_task.model_dump() | {"metrics": {"test": metrics}}],
            "training": {
                "splits": {"test": {"patients": 40, "images": 41, "by_class": {"normal": 20}}},
                "config": {"seed": 20, "augmentation": {"gamma": 1.7}},
                "best_epoch": 17,
            },
            "training_data": [
                {"name": "Films", "licence": "CC0", "source": "Here", "citation": "Nobody 2026"}
            ],
        }
    )

    text = card_text(told)

    f1 = figures["f1"]
    assert NOTICE in text
    assert f"| F1 | {f1.value:.3f} ({f1.low:.3f} to {f1.high:.3f}) |" in text
    assert "| radiographs | 41 |\n| normal | 20 |" in text
    assert "| `augmentation.gamma` | 1.7 |" in text
    assert "coverage 90 %" in text
    assert "Films. Licence: CC0. Source: Here." in text
    assert "- It has learnt nothing." in text
    assert "| 20 | Level at which partitions are disjoint | patient |" in text
    assert "| 33 | Testing on external data | not done; see Limits |" in text


def test_a_card_without_figures_says_so(card):
    text = card_text(card)

    assert "No figures were measured." in text
    assert "| 37 | Performance, with uncertainty | not answered |" in text
