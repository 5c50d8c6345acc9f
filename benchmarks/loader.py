"""Loader and trainer of the findings model on many images, beside `tf.data` and Grain.

Run: ``python -m benchmarks.loader --films 20000 --batches 150``. Drawn phantoms of 1024 x 1024 as
JPEG, a few of them under many names. Each part runs in a process of its own: decoding into the
packed file, killed in the middle and continued; batches alone; training steps alone, on one batch
again and again; both together. `tf.data` and Grain (``pip install grain``; left out where it is not
installed) make the same batches from the same file by the same functions. Prints images a second
and the memory of the process.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np

DISTINCT, SIDE, WARM_UP = 64, 1024, 5


def main() -> None:
    """Run all parts, or one of them in this process."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--films", type=int, default=20_000)
    parser.add_argument("--batches", type=int, default=150, help="of 32 films, for each part")
    parser.add_argument("--folder", type=Path, help="for the files; default: a temporary one")
    parser.add_argument("--part", choices=sorted(_PARTS), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part:
        print(json.dumps(_PARTS[asked.part](asked.folder, asked.films, asked.batches)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        _draw(folder, asked.films)
        _kill_in_the_middle(folder, asked.films)
        for part in _PARTS:
            _report(part, _run(part, folder, asked))


def _draw(folder: Path, films: int) -> None:
    from hilum.imaging.phantom import draw_phantom

    drawn = folder / "drawn"
    drawn.mkdir(parents=True, exist_ok=True)
    (folder / "films").mkdir(exist_ok=True)
    for number in range(DISTINCT):
        path = drawn / f"{number}.jpg"
        if not path.is_file():
            pixels = draw_phantom(512, 512, seed=number)
            large = cv2.resize(np.rint(255 * pixels).astype(np.uint8), (SIDE, SIDE))
            cv2.imwrite(str(path), large)
    for path in _paths(folder, films):
        if not path.exists():
            path.hardlink_to(drawn / f"{int(path.stem) % DISTINCT}.jpg")


def _paths(folder: Path, films: int) -> list[Path]:
    return [folder / "films" / f"{number:06d}.jpg" for number in range(films)]


def _command(part: str, folder: Path, films: int, batches: int) -> list[str]:
    told = ["--part", part, "--folder", str(folder), "--films", str(films)]
    return [sys.executable, "-m", "benchmarks.loader", *told, "--batches", str(batches)]


def _run(part: str, folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    command = _command(part, folder, asked.films, asked.batches)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"error": done.stderr.strip().splitlines()[-1]}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _kill_in_the_middle(folder: Path, films: int) -> None:
    """Kill the packing once a third is done."""
    listed = folder / "films.index"
    running = subprocess.Popen(
        _command("pack", folder, films, 1), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while running.poll() is None and _stored(listed) < films // 3:
        time.sleep(0.2)
    running.kill()
    running.wait()
    print(f"killed after {_stored(listed)} of {films} films")


def _stored(listed: Path) -> int:
    from hilum.training.classifier.packed import INDEX

    return int((np.fromfile(listed, INDEX)["state"] > 0).sum()) if listed.is_file() else 0


def _report(part: str, found: dict[str, Any]) -> None:
    if "error" in found:
        print(f"{part:<14} {found['error']}")
        return
    memory = ", ".join(f"{each:.2f}" for each in found["memory"])
    print(
        f"{part:<14} {found['films'] / found['seconds']:8.1f} films a second "
        f"({found['films']} films); GB after each quarter: {memory}"
    )


@contextmanager
def _memory() -> Iterator[list[float]]:
    """Resident memory in GB: at the end, four values of equal times."""
    seen: list[float] = []
    is_over = threading.Event()

    def look() -> None:
        while not is_over.wait(0.2):
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            seen.append(pages * os.sysconf("SC_PAGE_SIZE") / 1e9)

    watch = threading.Thread(target=look, daemon=True)
    watch.start()
    quarters: list[float] = []
    try:
        yield quarters
    finally:
        is_over.set()
        watch.join()
        ends = [max(1, len(seen) * quarter // 4) for quarter in (1, 2, 3, 4)]
        quarters += [max(seen[max(0, end - 5) : end], default=0.0) for end in ends]


def _timed(work: Callable[[], int]) -> dict[str, Any]:
    with _memory() as memory:
        started = time.perf_counter()
        films = work()
        seconds = time.perf_counter() - started
    return {"films": films, "seconds": seconds, "memory": memory}


def _pack(folder: Path, films: int, _: int) -> dict[str, Any]:
    missing = films - _stored(folder / "films.index")

    def work() -> int:
        _packed(folder, films)
        return missing

    return _timed(work)


def _packed(folder: Path, films: int) -> Any:
    from hilum.cli.common import load_registry
    from hilum.training.classifier.packed import pack_films
    from hilum.training.findings.config import FindingsConfig

    screener = load_registry()[1].screener(needed=True)
    paths = _paths(folder, films)
    return pack_films(paths, FindingsConfig().preprocessing, screener, folder / "films.bin")[0]


def _batches(folder: Path, films: int) -> Any:
    from hilum.training.classifier.films import AugmentedBatches
    from hilum.training.classifier.objective import each_by_itself
    from hilum.training.findings.config import FindingsConfig

    config = FindingsConfig()
    rng = np.random.default_rng(0)
    targets = (rng.random((films, len(config.findings))) < 0.1).astype(np.float32)
    objective = each_by_itself(targets)
    made = AugmentedBatches(
        _packed(folder, films), objective, config.preprocessing, config.augmentation,
        batch_size=config.batch_size, seed=0,
    )  # fmt: skip
    return config, objective, made


def _load(folder: Path, films: int, batches: int) -> dict[str, Any]:
    config, _, made = _batches(folder, films)

    def work() -> int:
        for at in range(batches):
            made[at % len(made)]
        return batches * config.batch_size

    return _timed(work)


def _fit(folder: Path, films: int, batches: int, *, is_same: bool) -> dict[str, Any]:
    import keras

    from hilum.training.classifier.fit import compiled_network
    from hilum.training.memory import KeepMemory

    config, objective, made = _batches(folder, films)
    model = compiled_network(config, objective, None, steps=batches)
    fixed = made[0]
    clock: list[float] = []

    class Given(keras.utils.PyDataset):
        def __len__(self) -> int:
            return batches + WARM_UP

        def __getitem__(self, at: int) -> Any:
            return fixed if is_same else made[at % len(made)]

    class Clock(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:  # noqa: ARG002
            clock.append(time.perf_counter())

    def work() -> int:
        model.fit(Given(), epochs=1, shuffle=False, verbose=0, callbacks=[KeepMemory(), Clock()])
        return batches * config.batch_size

    found = _timed(work)
    return found | {"seconds": clock[-1] - clock[WARM_UP - 1]}


def _tf_data(folder: Path, films: int, batches: int) -> dict[str, Any]:
    import tensorflow as tf

    config, _, made = _batches(folder, films)
    side = config.preprocessing.input_size_px

    def one(index: Any) -> Any:
        pixels, chest = tf.numpy_function(
            lambda at: _one(made, config, int(at)), [index], [tf.float32, tf.uint8]
        )
        return tf.ensure_shape(pixels, (side, side, 1)), tf.ensure_shape(chest, (side, side))

    pipeline = (
        tf.data.Dataset.from_tensor_slices(made.order[: batches * config.batch_size])
        .map(one, num_parallel_calls=tf.data.AUTOTUNE)
        .batch(config.batch_size)
        .prefetch(tf.data.AUTOTUNE)
    )

    def work() -> int:
        return sum(len(pixels) for pixels, _ in pipeline)

    return _timed(work)


def _grain(folder: Path, films: int, batches: int) -> dict[str, Any]:
    import grain

    config, _, made = _batches(folder, films)
    pipeline = (
        grain.MapDataset.source(made.order[: batches * config.batch_size])
        .map(lambda at: _one(made, config, int(at)))
        .batch(config.batch_size)
        .to_iter_dataset()
    )

    def work() -> int:
        return sum(len(pixels) for pixels, _ in pipeline)

    return _timed(work)


def _one(made: Any, config: Any, index: int) -> tuple[Any, Any]:
    from hilum.imaging.preprocess import normalise

    changed = made.changed(index)
    return normalise(changed.pixels, config.preprocessing), changed.chest.astype(np.uint8)


_PARTS: dict[str, Callable[[Path, int, int], dict[str, Any]]] = {
    "pack": _pack,
    "batches": _load,
    "steps": lambda *given: _fit(*given, is_same=True),
    "both": lambda *given: _fit(*given, is_same=False),
    "tf.data": _tf_data,
    "grain": _grain,
}

if __name__ == "__main__":
    main()
