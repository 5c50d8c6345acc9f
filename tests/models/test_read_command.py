"""`hilum read`, with the shipped bundles on drawn films."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from hilum.cli import app
from hilum.errors import LanguageError
from hilum.imaging.phantom import draw_phantom
from hilum.words.catalogue import languages
from tests.shipped import SHIPPED

pytestmark = pytest.mark.weights


@pytest.fixture
def film(tmp_path, monkeypatch):
    monkeypatch.setenv("HILUM_MODELS_DIR", str(SHIPPED.parent))

    def draw(change=lambda pixels: pixels) -> Path:
        path = tmp_path / "film.png"
        pixels = change(draw_phantom(700, 800, seed=70))
        Image.fromarray(np.uint8(255 * pixels)).save(path)
        return path

    return draw


def read(*arguments):
    done = CliRunner().invoke(app, ["read", *map(str, arguments)])
    return done.exit_code, json.loads(done.stdout)


def test_a_line_tells_the_reading_and_that_the_film_is_drawn(film):
    code, line = read(film())

    assert code == 0
    assert line["decision"] in ("positive", "negative", "uncertain")
    assert line["normal"] + line["pneumonia"] == pytest.approx(1, abs=2e-6)
    assert line["notes"] == [
        "This looks like a synthetic test picture, not like a patient's radiograph."
    ]
    assert "forced" not in line


def test_an_inverted_film_is_read_and_says_that_it_was_mended(film):
    code, line = read(film(lambda pixels: 1 - pixels))

    assert code == 0
    assert any("inverted before reading" in words for words in line["notes"])


def test_what_is_refused_says_why_and_is_marked_where_it_is_forced(film):
    sideways = film(np.rot90)

    code, line = read(sideways)
    forced_code, forced = read("--force", sideways)

    assert code == 1
    assert "lies on its side" in line["error"]
    assert forced_code == 0
    assert any("lies on its side" in words for words in forced["forced"])


def test_a_film_is_turned_where_it_is_asked_for(film):
    code, line = read("--orient", "auto", film(lambda pixels: pixels[::-1, ::-1]))

    assert code == 0
    assert any("turned by 180°" in words for words in line["warnings"])
    assert "sides_uncertain" not in line


def test_a_mirrored_film_says_that_its_sides_are_uncertain(film):
    code, line = read(film(np.fliplr))

    assert code == 0
    assert any("may be mirrored" in words for words in line["sides_uncertain"])


def test_an_age_outside_the_population_is_warned_of(make_dicom, film, tmp_path):
    pixels = np.uint16(4095 * draw_phantom(700, 800, seed=70))
    path = tmp_path / "film.dcm"
    path.write_bytes(make_dicom(pixels, PatientAge="006M"))

    _, line = read(path)

    assert any("Outside the intended population" in words for words in line["warnings"])
    assert any("6 months" in words for words in line["warnings"])


@pytest.mark.parametrize("chosen", ["option", "setting"])
def test_the_words_are_in_the_language_that_is_chosen(film, with_german, monkeypatch, chosen):
    path = film()
    code, english = read(path)
    if chosen == "setting":
        monkeypatch.setenv("HILUM_LANGUAGE", "de")
    code, line = read(path, *(["--language", "de"] if chosen == "option" else []))

    assert code == 0
    said = [*line["words"], *line["notes"]]
    assert said
    assert all(words.startswith("§ ") for words in said)
    assert not any("§" in words for words in english["words"])


def test_a_refusal_is_in_the_language_that_is_chosen(film, with_german):
    code, line = read("--language", "de", film(np.rot90))

    assert code == 1
    assert line["error"].startswith("§ ")


def test_an_unknown_language_is_refused_with_those_that_there_are(film):
    done = CliRunner().invoke(app, ["read", "--language", "tlh", str(film())])

    assert done.exit_code == 1
    assert isinstance(done.exception, LanguageError)
    assert str(done.exception).endswith(f"Known languages: {', '.join(languages())}.")
