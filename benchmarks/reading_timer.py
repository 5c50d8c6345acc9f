"""Times parts of a reading on request: a process of either the present or the frozen code.

Run by `benchmarks.one_core`, with the backend to measure on ``PYTHONPATH``. It takes the file to
read and the folder of the bundles; each line on stdin names a part, and the answer on stdout is
how many milliseconds it took.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import simplejpeg

from hilum.imaging import decode, preprocess
from hilum.models import Registry, RuntimeName, load_bundle, read_file
from hilum.models.anatomy import AnatomyCard
from hilum.models.anatomy.reader import anatomy_outputs
from hilum.models.bundle import load_bundle_of
from hilum.models.reader import classifier_outputs
from hilum.models.reading_models import ReadingModels
from hilum.models.runtime import load_runtime

WARM_UP = 10


def parts(content: bytes, models: Path) -> dict[str, Callable[[], object]]:
    """What is timed, by name."""
    registry = ReadingModels.choose(
        Registry(models, default="pneumonia", runtime=RuntimeName.OPENVINO)
    )
    radiograph = decode(content)
    anatomy = load_bundle_of(AnatomyCard, models / "anatomy")
    anatomy_runtime = load_runtime(anatomy, RuntimeName.OPENVINO, anatomy_outputs(anatomy.card))
    anatomy_batch = preprocess(radiograph, anatomy.card.preprocessing)[None]
    pneumonia = load_bundle(models / "pneumonia")
    runtime = load_runtime(pneumonia, RuntimeName.OPENVINO, classifier_outputs(pneumonia.card))
    batch = preprocess(radiograph, pneumonia.card.preprocessing)[None]
    return {
        "reading": lambda: read_file(content, registry),
        "decode": lambda: simplejpeg.decode_jpeg(content, "GRAY"),
        "anatomy": lambda: anatomy_runtime.infer(anatomy_batch),
        "pneumonia": lambda: runtime.infer(batch),
    }


def main() -> None:
    """Answer until stdin ends."""
    file, models = map(Path, sys.argv[1:])
    timed = parts(file.read_bytes(), models)
    for work in timed.values():
        for _ in range(WARM_UP):
            work()
    for line in sys.stdin:
        started = time.perf_counter()
        timed[line.strip()]()
        print(1000 * (time.perf_counter() - started), flush=True)


if __name__ == "__main__":
    main()
