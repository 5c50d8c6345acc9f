"""Drawn radiographs, their files in every format, and a bundle small enough to make on the spot."""

import gc
import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian

from hilum.api import renamed_settings
from hilum.imaging.phantom import draw_phantom
from hilum.words import catalogue
from tests import four_findings, taught_network, untaught_network
from tests.made_once import made_once
from tests.shipped import SHIPPED

Grey = NDArray[np.uint8]
ROWS, COLUMNS = 192, 256


def pytest_collection_finish() -> None:
    """Spare the garbage collector what lives as long as the tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _own_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A store by default that this process of tests shares with no other, nor with the checkout."""
    folder, of_checkout = tmp_path_factory.mktemp("own") / "store", renamed_settings.STORE
    was_there = of_checkout.exists()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(renamed_settings, "STORE", folder)
        yield
    # Processes that tests start are not patched.
    assert was_there or not of_checkout.exists(), (
        f"A process that a test started made {of_checkout}."
    )


@pytest.fixture
def with_german(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second catalogue, each of whose entries begins with a mark."""
    folder = tmp_path_factory.mktemp("words")
    english = (catalogue._FOLDER / "en.toml").read_text(encoding="utf-8")
    marked = re.sub(r'(?m)^(\w+ = ")(?!\.")', r"\1§ ", english)
    for language, words in {"en": english, "de": marked}.items():
        (folder / f"{language}.toml").write_text(words, encoding="utf-8")
    monkeypatch.setattr(catalogue, "_FOLDER", folder)


@pytest.fixture(scope="session")
def film() -> Grey:
    """A phantom of 192 rows and 256 columns that uses all of 0 to 255."""
    pixels = draw_phantom(ROWS, COLUMNS, seed=3, opacity="left_lower")
    low, high = pixels.min(), pixels.max()
    grey = np.round(255 * (pixels - low) / (high - low)).astype(np.uint8)
    grey.setflags(write=False)
    return grey


@pytest.fixture(scope="session")
def encode() -> Callable[..., bytes]:
    """Encode an array (or a Pillow image) as a picture file."""

    def to_bytes(pixels: Any, image_format: str, **options: Any) -> bytes:
        image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(np.array(pixels))
        buffer = io.BytesIO()
        image.save(buffer, image_format, **options)
        return buffer.getvalue()

    return to_bytes


@pytest.fixture(scope="session")
def make_dicom() -> Callable[..., bytes]:
    """Write stored values as a DICOM file; keywords set elements or, with None, drop them."""

    def to_bytes(
        stored: NDArray[Any], *, preamble: bool = True, before: Any = None, **elements: Any
    ) -> bytes:
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = DigitalXRayImageStorageForPresentation
        meta.MediaStorageSOPInstanceUID = "1.2.826.0.1.3680043.8.498.1"
        meta.TransferSyntaxUID = elements.pop("TransferSyntaxUID", ExplicitVRLittleEndian)
        dataset = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
        dataset.SOPClassUID = meta.MediaStorageSOPClassUID
        dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
        dataset.PatientName, dataset.PatientID = "Lindqvist^Josephine", "MRN-4711"
        dataset.Modality = "DX"
        bits = 8 * stored.dtype.itemsize
        dataset.Rows, dataset.Columns = stored.shape[-3:-1] if stored.ndim == 3 else stored.shape
        dataset.SamplesPerPixel = 3 if stored.ndim == 3 else 1
        if stored.ndim == 3:
            dataset.PlanarConfiguration = 0
        dataset.PhotometricInterpretation = "RGB" if stored.ndim == 3 else "MONOCHROME2"
        dataset.BitsAllocated = dataset.BitsStored = bits
        dataset.HighBit = bits - 1
        dataset.PixelRepresentation = int(stored.dtype.kind == "i")
        dataset.PixelData = stored.tobytes()
        dataset["PixelData"].VR = "OW" if bits > 8 else "OB"
        for name, value in elements.items():
            if value is None:
                del dataset[name]
            else:
                setattr(dataset, name, value)
        if before is not None:
            before(dataset)
        buffer = io.BytesIO()
        if preamble:
            pydicom.dcmwrite(buffer, dataset, enforce_file_format=True)
            return buffer.getvalue()
        dataset.preamble = None
        del dataset.file_meta
        pydicom.dcmwrite(buffer, dataset, implicit_vr=True, little_endian=True)
        return buffer.getvalue()

    return to_bytes


@pytest.fixture(scope="session")
def files(
    film: Grey, encode: Callable[..., bytes], make_dicom: Callable[..., bytes]
) -> dict[str, bytes]:
    """The film as one sound file of each format that Hilum reads."""
    return {
        "jpeg": encode(film, "JPEG", quality=95),
        "png": encode(film, "PNG"),
        "webp": encode(film, "WEBP", quality=90),
        "tiff": encode(film, "TIFF", compression="tiff_lzw"),
        "bmp": encode(film, "BMP"),
        "dicom": make_dicom(film),
    }


@pytest.fixture(scope="session")
def make_card() -> Callable[..., Any]:
    """A card for the tiny network; keywords replace its facts, or those of its one task."""

    def card(files: dict[str, str], **changes: Any) -> Any:
        from hilum.models import Card, Task

        facts = {
            "name": "pneumonia",
            "title": "A network of random weights",
            "version": "0.1",
            "created": date(2026, 1, 2),
            "intended_use": "Tests.",
            "intended_population": "Nobody",
            "preprocessing": {"input_size_px": 64},
            "activation": "softmax",
            "outputs": ("normal", "bacterial_pneumonia", "viral_pneumonia"),
            "calibration": {
                "temperature": (0.5, 0.5, 0.5),
                "bias": (0.1, 0.0, -0.1),
                "fitted_on": "nothing",
            },
            "main": "pneumonia",
            "files": files,
            "parameters": 1,
            "training_data": (),
            "training": {},
            "limits": ("It has learnt nothing.",),
        }
        task = {
            "finding": "pneumonia",
            "parts": ("bacterial_pneumonia", "viral_pneumonia"),
            "operating_point": {"threshold": 0.5, "criterion": "none", "chosen_on": "nothing"},
        }
        of_task = {name: value for name, value in changes.items() if name in Task.model_fields}
        of_card = {name: value for name, value in changes.items() if name not in of_task}
        return Card.model_validate(facts | {"tasks": (task | of_task,)} | of_card)

    return card


@pytest.fixture(scope="session")
def models_dir(make_card: Callable[..., Any]) -> Path:
    """A folder of models with one bundle, of a tiny network with seeded random weights."""
    return made_once(
        "models",
        lambda folder: untaught_network.write_untaught_model(folder, make_card),
        [Path(__file__), Path(untaught_network.__file__)],
    )


@pytest.fixture(scope="session")
def taught_dir(make_card: Callable[..., Any]) -> Path:
    """A folder of models: anatomy as it is shipped, and a network that knows phantoms."""
    anatomy = SHIPPED.parent / "anatomy"
    return made_once(
        "taught",
        lambda folder: taught_network.write_taught_models(folder, make_card),
        [Path(__file__), Path(taught_network.__file__), *anatomy.iterdir()],
    )


@pytest.fixture(scope="session")
def four_findings_dir(taught_dir: Path) -> Path:
    """Those models, and one that decides on four findings."""
    return made_once(
        "four-findings",
        lambda folder: four_findings.write_four_findings(folder, taught_dir),
        [
            *(Path(each.__file__) for each in (taught_network, four_findings)),
            *(taught_dir / "anatomy").iterdir(),
        ],
    )
