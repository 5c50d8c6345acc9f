"""The robustness suite on toy readers whose falls can be told by arithmetic."""

import numpy as np
import pytest

from hilum.errors import DatasetError
from hilum.evaluation.robustness.changes import CHANGES
from hilum.evaluation.robustness.report import Robustness, robustness_table
from hilum.evaluation.robustness.suite import Target, draw_sample, robustness
from hilum.imaging import ImageFormat, Radiograph

BY_NAME = {change.name: change for change in CHANGES}
TRUTH = np.array([True, False] * 6)
PATIENTS = [f"patient {n // 2}" if n < 4 else f"patient {n}" for n in range(12)]


def _flat(grey: float, number: int) -> Radiograph:
    pixels = np.full((48, 48), grey, dtype=np.float32)
    return Radiograph(pixels, 48, 48, ImageFormat.PNG, f"{number:064x}")


@pytest.fixture
def films() -> list[Radiograph]:
    return [_flat(0.6 if is_ill else 0.4, n) for n, is_ill in enumerate(TRUTH)]


def _brightness(radiographs):
    return np.array([float(each.pixels.mean()) for each in radiographs])


def _run(films, *names, read=_brightness, truth=TRUTH, patients=PATIENTS, **options):
    changes = [BY_NAME[name] for name in names]
    targets = [Target(truth, 0.5)]
    (report,) = robustness(
        lambda films: read(films)[:, np.newaxis], films, targets, patients, changes=changes,
        **options,
    )  # fmt: skip
    return report


def test_a_reader_of_brightness_falls_where_the_display_is_darker(films):
    report = _run(films, "gamma_darker")

    # 0.6 to the powers 1.25, 1.6 and 2: 0.528, 0.442 and 0.36; the threshold is 0.5.
    assert [row.sensitivity for row in report.rows] == [1, 0, 0]
    assert [row.specificity for row in report.rows] == [1, 1, 1]
    assert [row.auroc for row in report.rows] == [1, 1, 1]
    assert [row.flipped_share for row in report.rows] == [0, 0.5, 0.5]
    for row in report.rows:
        fall = np.mean([0.6 - 0.6**row.strength, 0.4 - 0.4**row.strength])
        assert row.mean_absolute_change == pytest.approx(fall, abs=1 / 255)
    assert report.clean.sensitivity.value == 1
    assert report.mean.sensitivity.value == pytest.approx(1 / 3)
    assert report.worst.sensitivity.value == 0
    assert report.worst_rows["sensitivity"] == "gamma_darker 1.6"


def test_several_findings_are_measured_on_the_same_readings(films):
    calls = []

    def read(radiographs):
        calls.append(len(radiographs))
        brightness = _brightness(radiographs)
        return np.stack([brightness, 1 - brightness], axis=1)

    changes = [BY_NAME["gamma_darker"]]
    targets = [Target(TRUTH, 0.5), Target(~TRUTH, 0.6)]

    both = robustness(read, films, targets, PATIENTS, changes=changes)

    assert calls == [12] * 4
    assert both[0] == _run(films, "gamma_darker")
    # 1 - 0.4 to the powers 1.25, 1.6 and 2 stay above 0.6, 1 - 0.6 to them: 0.47, 0.56, 0.64.
    assert [row.sensitivity for row in both[1].rows] == [1, 1, 1]
    assert [row.specificity for row in both[1].rows] == [1, 1, 0]


def test_a_reader_of_brightness_stays_where_the_mean_does(films):
    report = _run(films, "contrast", "rotation", "blur")

    by_change = {(row.change, row.strength): row for row in report.rows}
    assert len(by_change) == 9
    for (name, _), row in by_change.items():
        if name != "rotation":
            assert row.mean_absolute_change < 1 / 255
            assert row.flipped_share == 0
    # Black corners darken a turned picture.
    assert by_change["rotation", 15].mean_absolute_change > 0.02


def test_refused_pictures_are_counted_and_left_out_of_the_figures(films):
    def careful(radiographs):
        dark = np.array([each.pixels.min() < 0.45 for each in radiographs])
        # Refuses healthy films that are turned, and ill ones that are shrunk.
        turned = np.array([each.pixels.min() == 0 for each in radiographs])
        return np.where(dark & turned, np.nan, _brightness(radiographs))

    report = _run(films, "scale")

    assert all(row.refused_share == 0 for row in report.rows)
    refusing = _run(films, "scale", read=careful)
    assert all(row.refused_share == 1 for row in refusing.rows)
    assert refusing.rows[0].auroc is None
    assert refusing.rows[0].flipped_share is None
    assert refusing.mean is None
    assert refusing.worst_rows == {}
    assert "100.0 %" in robustness_table(refusing)


def test_one_class_refused_leaves_the_other_ones_figure(films):
    def refuses_bright(radiographs):
        said = _brightness(radiographs)
        # Clean films have no point above 0.6; a display of gamma 0.5 brings 0.6 to 0.77.
        return np.where(said > 0.76, np.nan, said)

    report = _run(films, "gamma_brighter", "contrast", read=refuses_bright)

    brightest = report.rows[2]
    assert brightest.sensitivity is None
    assert brightest.specificity == 0
    assert brightest.refused_share == 0.5
    # Five rows have a sensitivity, and it is 1 in each.
    assert report.mean.sensitivity.value == 1


def test_what_is_refused_unchanged_takes_no_part(films):
    films[0] = _flat(0.9, 0)

    def refuses_white(radiographs):
        said = _brightness(radiographs)
        return np.where(said > 0.85, np.nan, said)

    report = _run(films, "contrast", read=refuses_white)

    assert (report.refused_clean, report.images, report.positives) == (1, 11, 5)
    assert report.patients == 10


def test_batches_do_not_matter_and_progress_is_shown(films):
    seen = []

    def progress(batches):
        seen.append(len(batches))
        return batches

    one = _run(films, "noise", "crop", batch_size=5, progress=progress)

    assert seen == [3]
    assert one == _run(films, "noise", "crop")


def test_the_seed_decides(films):
    assert _run(films, "noise", seed=1).rows != _run(films, "noise", seed=2).rows


def test_a_sample_is_drawn_by_the_seed_in_order():
    drawn = draw_sample(100, 20, 3)
    assert len(set(drawn.tolist())) == 20
    assert np.all(np.diff(drawn) > 0)
    assert np.array_equal(drawn, draw_sample(100, 20, 3))
    assert not np.array_equal(drawn, draw_sample(100, 20, 4))
    assert np.array_equal(draw_sample(5, 20, 3), np.arange(5))


def test_a_sample_is_what_is_read(films):
    report = _run(films, "contrast", sample=10, seed=1)
    assert report.images == 10


def test_one_class_or_one_patient_of_it_is_refused_in_words(films):
    with pytest.raises(DatasetError, match="negative ones come from 0"):
        _run(films, "contrast", truth=np.ones(12, dtype=bool))
    with pytest.raises(DatasetError, match="positive ones come from 1"):
        _run(
            films, "contrast", patients=["same" if ill else f"p{n}" for n, ill in enumerate(TRUTH)]
        )


def test_the_report_goes_through_json_and_into_a_table(films):
    report = _run(films, "gamma_darker", "jpeg")

    assert Robustness.model_validate_json(report.model_dump_json()) == report
    table = robustness_table(report).splitlines()
    assert len(table) == 2 + 3 + 6
    assert {line.count("|") for line in table} == {8}
    assert table[2].startswith("| **unchanged** | 1.000 (1.000 to 1.000) |")
    assert table[6] == (
        # 0.6 becomes 113 of 255 grey levels (0.4416), 0.4 becomes 59.
        "| darker display, 1.6 (gamma exponent) | 1.000 | 0.000 | 1.000 | 0.163 | 50.0 % | 0.0 % |"
    )
