"""What a reader says follows from its network's logits and its card, whatever runs it."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit, softmax

from hilum.findings import Finding
from hilum.imaging import ImageFormat, Radiograph, preprocess
from hilum.imaging.phantom import draw_phantom
from hilum.models import Bundle, Decision, Reader, Reading, RuntimeName, load_bundle
from hilum.models.calibration import calibrated
from hilum.models.card import Activation, Calibration
from hilum.models.task import OperatingPoint

ZONES = (None, "right_upper", "right_lower", "left_upper", "left_lower", "both")


@pytest.fixture(scope="module")
def bundle(models_dir: Path) -> Bundle:
    return load_bundle(models_dir / "pneumonia")


@pytest.fixture(scope="module")
def reader(bundle: Bundle) -> Reader:
    return Reader(bundle)


@pytest.fixture(scope="module")
def films() -> list[Radiograph]:
    return [
        Radiograph(draw_phantom(90, 110, seed=n, opacity=zone), 90, 110, ImageFormat.PNG, "0" * 64)
        for n, zone in enumerate(ZONES)
    ]


def _probabilities(readings: list[Reading]) -> np.ndarray:
    return np.array([[each.probability for each in reading.findings] for reading in readings])


def test_the_runtimes_agree_on_phantoms(
    bundle: Bundle, reader: Reader, films: list[Radiograph]
) -> None:
    readings = {name: _probabilities(Reader(bundle, name).read_many(films)) for name in RuntimeName}
    source = readings[RuntimeName.KERAS]
    for name, probabilities in readings.items():
        assert np.abs(probabilities - source).max() <= 0.005, name
    # Were all films read alike, agreement would say nothing.
    assert np.ptp(source, axis=0).max() > 0.01


def test_probabilities_are_the_calibrated_softmax_of_the_logits(
    bundle: Bundle, reader: Reader, films: list[Radiograph]
) -> None:
    import keras

    network = keras.saving.load_model(bundle.folder / "model.keras", compile=False)
    how = bundle.card.preprocessing
    outputs = network.predict_on_batch(np.stack([preprocess(film, how) for film in films]))
    logits = outputs["logits"]
    # The card's temperature is 0.5 and its biases are 0.1, 0 and -0.1.
    expected = softmax(logits / 0.5 + np.array([0.1, 0.0, -0.1]), axis=1)
    readings = reader.read_many(films)
    assert np.abs(_probabilities(readings)[:, :3] - expected).max() <= 0.005


def test_calibration_survives_logits_that_would_overflow() -> None:
    calibration = Calibration(temperature=(0.01, 0.01), bias=(0, 0), fitted_on="")
    logits = np.float32([[900, -900], [0, 0]])
    for activation in Activation:
        with np.errstate(all="raise", under="ignore"):
            probabilities = calibrated(logits, calibration, activation)
        assert np.allclose(probabilities, [[1, 0], [0.5, 0.5]])


def test_each_sigmoid_has_a_temperature_and_a_bias_of_its_own() -> None:
    calibration = Calibration(temperature=(0.5, 2.0, 1.0), bias=(0.1, -1.0, 0.0), fitted_on="")
    logits = np.float32([[0.3, -4.0, 40.0], [-30.0, 1.0, 0.0]])
    scaled = np.array([[0.7, -3.0, 40.0], [-59.9, -0.5, 0.0]])

    probabilities = calibrated(logits, calibration, Activation.SIGMOID)

    np.testing.assert_allclose(probabilities, expit(scaled), rtol=1e-6)


def test_probabilities_sum_to_one_and_pneumonia_is_bacterial_or_viral(
    reader: Reader, films: list[Radiograph]
) -> None:
    for reading in reader.read_many(films):
        normal = reading.probability(Finding.NORMAL)
        bacterial = reading.probability(Finding.BACTERIAL_PNEUMONIA)
        viral = reading.probability(Finding.VIRAL_PNEUMONIA)
        assert normal + bacterial + viral == pytest.approx(1)
        assert reading.probability(Finding.PNEUMONIA) == pytest.approx(bacterial + viral)


@pytest.mark.parametrize(
    # Below the point, yet more likely than not: the film is one that is read as positive.
    ("shift", "decision"),
    [(0.0, Decision.POSITIVE), (1e-9, Decision.UNCERTAIN)],
)
def test_the_operating_point_itself_is_positive(
    bundle: Bundle, reader: Reader, films: list[Radiograph], shift: float, decision: Decision
) -> None:
    probability = reader.read(films[0]).probability(Finding.PNEUMONIA)
    point = OperatingPoint(threshold=probability + shift, criterion="", chosen_on="")
    task = bundle.card.main_task.model_copy(update={"operating_point": point})
    card = bundle.card.model_copy(update={"tasks": (task,)})
    reading = Reader(replace(bundle, card=card)).read(films[0])
    assert reading.probability(Finding.PNEUMONIA) == probability
    assert reading.main_decision.decision is decision
    by_finding = {each.finding: each.operating_point.threshold for each in reading.decisions}
    assert by_finding == {Finding.PNEUMONIA: probability + shift}


def test_reading_many_equals_reading_each(reader: Reader, films: list[Radiograph]) -> None:
    together = _probabilities(reader.read_many(films))
    alone = _probabilities([reader.read(film) for film in films])
    # Kernels for batches may add in another order: float32 has seven digits.
    assert np.abs(together - alone).max() < 1e-5
    assert reader.read_many([]) == []


@pytest.mark.parametrize("runtime", list(RuntimeName))
def test_eight_threads_read_as_one_does(
    bundle: Bundle, films: list[Radiograph], runtime: RuntimeName
) -> None:
    shared = Reader(bundle, runtime)
    expected = _probabilities([shared.read(film) for film in films])
    turns = [number % len(films) for number in range(96)]
    with ThreadPoolExecutor(8) as pool:
        readings = list(pool.map(lambda number: shared.read(films[number]), turns))
    assert np.abs(_probabilities(readings) - expected[turns]).max() < 1e-6


def test_a_reading_names_the_model_that_made_it(reader: Reader, films: list[Radiograph]) -> None:
    reading = reader.read(films[0])
    assert (reading.model_name, reading.model_version) == ("pneumonia", "0.1")
    assert reading.model_sha256 == reader.bundle.sha256
    assert reading.preprocess_ms > 0
    assert reading.inference_ms > 0


def test_one_film_at_three_sizes_has_one_reading(reader: Reader) -> None:
    large = draw_phantom(1600, 1600, seed=9, opacity="left_upper")
    sizes = [large.reshape(n, 1600 // n, n, 1600 // n).mean(axis=(1, 3)) for n in (1600, 400, 64)]
    films = [Radiograph(film, *film.shape, ImageFormat.PNG, "0" * 64) for film in sizes]
    probabilities = _probabilities(reader.read_many(films))
    # 1600 and 64 are the same average; 400 is not a multiple of 64, and shares pixels at edges.
    assert np.abs(probabilities[0] - probabilities[2]).max() < 1e-4
    assert np.abs(probabilities[0] - probabilities[1]).max() < 0.01


def test_serving_imports_no_training_framework_and_no_dicom(models_dir: Path) -> None:
    script = (
        "import sys, pathlib; import hilum.api; from hilum.models import Reader, load_bundle;"
        f"Reader(load_bundle(pathlib.Path({str(models_dir / 'pneumonia')!r})));"
        "slow = {'tensorflow', 'keras', 'torch', 'pydicom', 'onnx', 'sklearn', 'matplotlib',"
        "'alembic', 'scipy', 'pandas', 'pandera'};"
        "print(sorted(slow & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")
