"""The curve of local films: acquisitions are told apart, and errors fall with local films."""

import cv2
import numpy as np
import pytest
from benchmarks.site_calibration import FIGURES, Films, curve, main

from hilum.findings import Finding
from tests.datasets.phantom_data import draw_film
from tests.site_films import draw_logits, said_of_pneumonia


@pytest.fixture
def card(make_card):
    quantiles = {"absent": 0.8, "present": 0.8}
    conformal = {"coverage": 0.95, "quantiles": quantiles, "fitted_on": "nothing"}
    return make_card({"model.keras": "ab" * 32}, conformal=conformal)


def test_errors_of_an_acquisition_that_is_read_too_high_fall_with_local_films(card):
    count = 2400
    logits, truth = draw_logits(count, seed=0)
    here = np.arange(count) >= 1200
    films = Films(
        card,
        said_of_pneumonia(logits, shift=1.5 * here),
        {Finding.PNEUMONIA: truth.astype(float)},
        np.array([f"p{number}" for number in range(count)]),
        np.zeros((count, 1)),
    )

    found = curve(films, here, draws=4)

    assert list(found) == ["bundle", "0", "50", "100", "200"]
    assert all(values.shape == (4, len(FIGURES)) for values in found.values())
    ece, _, without, _, specificity = np.transpose([each.mean(axis=0) for each in found.values()])
    assert ece[1] > 0.15
    assert ece[4] < 0.5 * ece[1]
    assert ece[4] < ece[2]
    assert without[1] < 0.9 < without[4]
    assert specificity[4] > specificity[1] + 0.1


def test_the_command_tells_two_acquisitions_apart(models_dir, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HILUM_MODELS_DIR", str(models_dir))
    for number in range(220):
        opacity = "both" if number % 2 else None
        film = draw_film(number, opacity, side=64)
        if number % 4 > 1:
            film = cv2.copyMakeBorder(film, 8, 8, 24, 24, cv2.BORDER_CONSTANT, value=255)
        path = tmp_path / ("pneumonia" if opacity else "normal") / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        cv2.imwrite(str(path), film)

    main(["--data", str(tmp_path), "--local", "50", "--draws", "2", "--films", "216"])

    told = capsys.readouterr().out
    heads = [line for line in told.splitlines() if line.startswith("Acquisition")]
    sizes = [int(line.split()[2]) for line in heads]
    assert sum(sizes) == 216
    assert all(104 <= each <= 110 for each in sizes), heads
    rows = [line.split(" | ")[0] for line in told.splitlines() if line.startswith("| ")]
    assert rows == 2 * ["| local films", "| bundle", "| 0", "| 50"]


def test_too_few_films_to_measure_on_are_told(card):
    logits, truth = draw_logits(300, seed=1)
    films = Films(
        card,
        said_of_pneumonia(logits),
        {Finding.PNEUMONIA: truth.astype(float)},
        np.array([f"p{number}" for number in range(300)]),
        np.zeros((300, 1)),
    )

    with pytest.raises(Exception, match="films are left to measure on: ask for fewer"):
        curve(films, np.arange(300) >= 150, draws=1, counts=(120,))
