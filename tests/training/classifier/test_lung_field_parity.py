"""What training cuts out of a film is what the service reads of it, to the bit."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hilum.imaging import Preprocessing, decode, preprocess
from hilum.imaging.phantom import draw_phantom
from hilum.imaging.phantom_files import as_file
from hilum.imaging.preprocess import WHOLE, decoded_side_px
from hilum.models import Registry, RuntimeName, read_file
from hilum.models.reading_models import ReadingModels
from hilum.training.classifier.films import Films, load_films, model_inputs
from tests.shipped import MODELS

pytestmark = pytest.mark.weights


def _turned(pixels: np.ndarray) -> bytes:
    """A JPEG that lies on its side, and says so."""
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    picture = Image.fromarray(np.uint8(255 * np.rot90(pixels)))
    picture.save(buffer, "JPEG", quality=92, exif=exif)
    return buffer.getvalue()


FILMS = {
    "a PNG": lambda: as_file(draw_phantom(900, 1100, seed=1), ".png"),
    "a JPEG that is decoded at a reduced size": lambda: as_file(
        draw_phantom(1800, 2300, seed=2, opacity="left_lower"), ".jpg"
    ),
    "an inverted one, which is mended": lambda: as_file(1 - draw_phantom(700, 800, seed=3), ".png"),
    "DICOM of 12 bits": lambda: as_file(draw_phantom(1000, 900, seed=4), ".dcm"),
    "one that EXIF turns": lambda: _turned(draw_phantom(600, 800, seed=5)),
    "a small one": lambda: as_file(draw_phantom(300, 260, seed=6), ".bmp"),
}


def test_training_and_serving_read_the_same_lung_field_to_the_bit(tmp_path, monkeypatch):
    registry = Registry(MODELS, default="pneumonia", runtime=RuntimeName.OPENVINO)
    reader = registry.reader()
    screener = registry.screener(needed=True)
    how = reader.card.preprocessing
    assert reader.reads_lung_field
    paths = []
    for number, draw in enumerate(FILMS.values()):
        paths.append(tmp_path / f"{number}.film")
        paths[-1].write_bytes(draw())

    films, unreadable = load_films(paths, how, screener)
    trained_on = model_inputs(films, how)

    served = []
    runtime = type(reader._runtime)
    infer = runtime.infer
    monkeypatch.setattr(
        runtime, "infer", lambda self, batch: served.append(batch.copy()) or infer(self, batch)
    )
    for path in paths:
        read_file(path.read_bytes(), ReadingModels.of(reader, screener), is_forced=True)
    served = [batch[0] for batch in served if batch.shape[1:] == trained_on.shape[1:]]
    assert unreadable == []
    assert len(served) == len(paths)
    for name, trained, read in zip(FILMS, trained_on, served, strict=True):
        assert np.array_equal(trained, read), name
    # The lung field was made out in each, and is not the whole of it.
    whole = model_inputs(Films(films.pictures, [WHOLE] * len(paths)), how)
    for name, box, trained, uncut in zip(FILMS, films.boxes, trained_on, whole, strict=True):
        assert box.left > 0.02, name
        assert np.abs(trained - uncut).max() > 0.5, name


def test_training_and_serving_make_the_same_input_of_whole_pictures(
    tmp_path: Path, files: dict[str, bytes], encode: Callable[..., bytes]
) -> None:
    how = Preprocessing(input_size_px=64)
    large = encode(np.uint8(255 * draw_phantom(900, 700)), "JPEG")
    contents = [large, *files.values()]
    paths = [tmp_path / str(number) for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    trained_on = model_inputs(load_films(paths, how, None)[0], how)
    kept = decoded_side_px(how)
    served = [preprocess(decode(content, smallest_side_px=kept), how) for content in contents]
    assert np.array_equal(trained_on, np.stack(served))
