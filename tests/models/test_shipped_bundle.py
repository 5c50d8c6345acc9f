"""The bundle that is shipped: sound, the same in every runtime and at every size."""

import numpy as np
import pytest

from hilum.findings import Finding
from hilum.imaging import ImageFormat, Radiograph
from hilum.imaging.phantom import draw_phantom
from hilum.imaging.phantom_files import as_file
from hilum.models import Reader, Registry, RuntimeName, load_bundle, read_file
from hilum.models.anatomy import AnatomyCard, AnatomyReader
from hilum.models.bundle import load_bundle_of
from hilum.models.reading_models import ReadingModels
from tests.shipped import MODELS, SHIPPED

pytestmark = pytest.mark.weights


def _film(pixels: np.ndarray) -> Radiograph:
    return Radiograph(pixels.astype(np.float32), *pixels.shape, ImageFormat.PNG, "0" * 64)


@pytest.mark.parametrize("runtime", [RuntimeName.OPENVINO, RuntimeName.ONNXRUNTIME])
def test_the_shipped_bundle_agrees_with_its_source_in_every_runtime(runtime: RuntimeName) -> None:
    bundle = load_bundle(SHIPPED)
    films = [_film(draw_phantom(300, 360, seed=seed)) for seed in range(6)]
    read, source = (
        [each.probability(Finding.PNEUMONIA) for each in Reader(bundle, name).read_many(films)]
        for name in (runtime, RuntimeName.KERAS)
    )
    assert np.abs(np.subtract(read, source)).max() <= 0.005


@pytest.mark.parametrize("zone", [None, "right_lower", "both"])
def test_the_shipped_bundle_reads_3000_1000_and_224_pixels_alike(zone: str | None) -> None:
    reader = Reader(load_bundle(SHIPPED))
    large = draw_phantom(3000, 3000, seed=5, opacity=zone)  # type: ignore[arg-type]
    edges = np.arange(225) * (3000 / 224)
    overlap = np.minimum(edges[1:, None], np.arange(3000) + 1)
    overlap -= np.maximum(edges[:-1, None], np.arange(3000))
    average = np.clip(overlap, 0, None) * 224 / 3000
    films = [large, large.reshape(1000, 3, 1000, 3).mean(axis=(1, 3)), average @ large @ average.T]
    readings = reader.read_many([_film(film) for film in films])
    probabilities = [reading.probability(Finding.PNEUMONIA) for reading in readings]
    assert np.ptp(probabilities) < 0.01
    assert len({reading.main_decision.decision for reading in readings}) == 1


def test_the_shipped_bundles_read_the_same_pixels_whichever_of_them_are_asked() -> None:
    anatomy = AnatomyReader(load_bundle_of(AnatomyCard, MODELS / "anatomy"))
    readers = [Reader(load_bundle(MODELS / name)) for name in ("pneumonia", "findings")]
    content = as_file(draw_phantom(1400, 1100, seed=9, opacity="both"), ".jpg")

    assert {each.smallest_side_px for each in (anatomy, *readers)} == {512}
    registry = Registry(MODELS, default="auto", runtime=RuntimeName.OPENVINO)
    alone, together = (
        read_file(content, ReadingModels.choose(registry, names)) for names in (["pneumonia"], [])
    )
    assert len(together.readings) == 2
    both = {made.card.name: made.reading for made in together.readings}
    assert both["pneumonia"].findings == alone.reading.findings
