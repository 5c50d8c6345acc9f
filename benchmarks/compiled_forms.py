"""Other compiled forms of the anatomy network: what they take, and what they change.

Run: ``python -m benchmarks.compiled_forms --data DIR`` with the data sets of docs/anatomy.md.
float32 is what runs. bfloat16 is a hint to OpenVINO, which processors without it ignore. int8 is
made by NNCF (``pip install nncf``) with films of the training split. Latency and throughput are
OpenVINO's hints for float32. All forms are timed in turns on one core, one picture at a time, and
measured on the films of the test split. ``--into-card`` adds the form in bfloat16 to the card of
the bundle, with the changes of its figures, if none is above 0.001.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import openvino as ov

from hilum.cli.common import show_progress
from hilum.datasets.anatomy_films import AnatomyFilm, film_hash, find_anatomy_films
from hilum.evaluation.anatomy.measured import MeasuredAnatomy, measured_anatomy
from hilum.imaging import decode, preprocess
from hilum.imaging.preprocess import decoded_side_px
from hilum.models.anatomy import AnatomyCard, AnatomyReader
from hilum.models.bundle import COMPILED_FILE, Bundle, load_bundle_of, sha256_of, write_card
from hilum.models.card import CompiledForm
from hilum.models.split_lists import read_split_lists

_CALIBRATED_ON = 300
_WARM_UP, _TIMED = 20, 200
_LARGEST_CHANGE = 0.001

Call = Callable[[], object]


def other_forms(
    bundle: Bundle[AnatomyCard], films: Sequence[Path], folder: Path
) -> dict[str, Bundle[AnatomyCard]]:
    """Bundles of the other forms, below a folder, by their names."""
    return {
        "bfloat16": _with_form(bundle, folder / "bfloat16", CompiledForm(
            file=COMPILED_FILE, precision="bfloat16"
        )),
        "int8": _with_form(bundle, folder / "int8", CompiledForm(
            file=COMPILED_FILE, precision="int8"
        ), lambda file: _quantise(bundle.card, films, file)),
    }  # fmt: skip


def _with_form(
    bundle: Bundle[AnatomyCard],
    folder: Path,
    form: CompiledForm,
    change: Callable[[Path], None] = lambda _: None,
) -> Bundle[AnatomyCard]:
    shutil.copytree(bundle.folder, folder)
    change(folder / form.file)
    digest = sha256_of(folder / form.file)
    card = bundle.card.model_copy(
        update={"files": bundle.card.files | {form.file: digest}, "compiled": (form,)}
    )
    write_card(card, folder)
    return load_bundle_of(AnatomyCard, folder)


def _quantise(card: AnatomyCard, films: Sequence[Path], file: Path) -> None:
    import nncf

    def preprocessed(path: Path) -> dict[str, np.ndarray]:
        side = decoded_side_px(card.preprocessing)
        radiograph = decode(path.read_bytes(), smallest_side_px=side)
        return {name: preprocess(radiograph, card.preprocessing)[np.newaxis]}

    model = onnx.load(file)
    name = model.graph.input[0].name
    quantised = nncf.quantize(
        model, nncf.Dataset(films, preprocessed), subset_size=len(films),
        preset=nncf.QuantizationPreset.MIXED,
    )  # fmt: skip
    onnx.save(quantised, file)


def timed(calls: Mapping[str, Call]) -> dict[str, float]:
    """Median milliseconds of each call, taken in turns."""
    found: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(_WARM_UP + _TIMED):
        for name, call in calls.items():
            started = time.perf_counter()
            call()
            if number >= _WARM_UP:
                found[name].append(1000 * (time.perf_counter() - started))
    return {name: statistics.median(values) for name, values in found.items()}


def _call(bundle: Bundle[AnatomyCard], picture: np.ndarray, options: dict[str, object]) -> Call:
    core = ov.Core()
    model = core.read_model(bundle.folder / bundle.card.compiled[0].file)
    model.reshape(list(picture.shape))
    request = core.compile_model(model, "CPU", options).create_infer_request()
    return lambda: request.infer([picture])


def _measured(bundle: Bundle[AnatomyCard], films: Sequence[AnatomyFilm]) -> MeasuredAnatomy:
    words = f"measuring {bundle.card.compiled[0].precision}"
    return measured_anatomy(
        AnatomyReader(bundle),
        films,
        "test",
        seed=0,
        progress=lambda some: show_progress(some, words),
    )


def _row(name: str, took: float, first: float, found: MeasuredAnatomy | None) -> str:
    if found is None:
        return f"| {name} | {took:.2f} | {took / first:.2f} | | | | |"
    figures, children = found.metrics["test"], found.children
    dice = ", ".join(f"{each.value:.4f}" for each in figures.dice.values())
    outside = f"{children.outside.value:.4f}, {children.not_outlined}" if children else ""
    taken = ", ".join(
        f"{name} {share.value:.3f}" for name, share in found.pictures.accepted.items()
    )
    ratio = figures.cardiothoracic_ratio.mae.value
    return (
        f"| {name} | {took:.2f} | {took / first:.2f} | {dice} | {ratio:.4f} | {outside} | {taken} |"
    )


def changes(of: MeasuredAnatomy, source: MeasuredAnatomy) -> dict[str, float]:
    """Figures of a form minus those of the source, by name."""

    def figures(found: MeasuredAnatomy) -> dict[str, float]:
        test = found.metrics["test"]
        named = {f"dice_{organ.value}": each.value for organ, each in test.dice.items()}
        named["cardiothoracic_ratio_error"] = test.cardiothoracic_ratio.mae.value
        if found.children:
            named["children_outside"] = found.children.outside.value
        accepted = found.pictures.accepted.items()
        return named | {f"accepted_{name}": share.value for name, share in accepted}

    before = figures(source)
    return {name: round(value - before[name], 6) for name, value in figures(of).items()}


def put_form(bundle: Bundle[AnatomyCard], changed: Mapping[str, float]) -> None:
    """Add the form in bfloat16 to the card of a bundle, in place of an earlier one."""
    form = CompiledForm(file=COMPILED_FILE, precision="bfloat16", changes=dict(changed))
    others = tuple(each for each in bundle.card.compiled if each.precision != form.precision)
    write_card(bundle.card.model_copy(update={"compiled": (*others, form)}), bundle.folder)


def main() -> None:
    """Make, time and measure the forms, and print them as a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--bundle", type=Path, default=Path("ml_model/anatomy"))
    parser.add_argument("--into-card", action="store_true")
    given = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

    bundle = load_bundle_of(AnatomyCard, given.bundle)
    lists = read_split_lists(bundle)
    if lists is None:
        parser.error(f"The bundle {bundle.card.name!r} does not list the films of its splits.")
    films = find_anatomy_films(given.data)
    test = [film for film in films if film_hash(film.path) in lists["test"]]
    train = [film.path for film in films if film_hash(film.path) in lists["train"]]
    chosen = train[:: max(1, len(train) // _CALIBRATED_ON)]

    side = bundle.card.preprocessing.input_size_px
    picture = np.random.default_rng(0).standard_normal((1, side, side, 1)).astype(np.float32)
    full = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}
    with tempfile.TemporaryDirectory() as folder:
        bundles = {"float32": bundle} | other_forms(bundle, chosen, Path(folder))
        options = dict.fromkeys(bundles, full)
        options["bfloat16"] = full | {"INFERENCE_PRECISION_HINT": "bf16"}
        calls = {name: _call(each, picture, options[name]) for name, each in bundles.items()}
        for hint in ("latency", "throughput"):
            calls[hint] = _call(bundle, picture, full | {"PERFORMANCE_HINT": hint.upper()})
        took = timed(calls)
        measured = {name: _measured(each, test) for name, each in bundles.items()}
    print("| form | ms | to float32 | Dice right, left, heart | ratio error | "
          "children outside, not outlined | read |")  # fmt: skip
    print("|---|---|---|---|---|---|---|")
    for name, milliseconds in took.items():
        print(_row(name, milliseconds, took["float32"], measured.get(name)))
    if given.into_card:
        changed = changes(measured["bfloat16"], measured["float32"])
        largest = max(map(abs, changed.values()))
        if largest > _LARGEST_CHANGE:
            parser.error(f"In bfloat16 a figure changes by {largest:.4f}; the card is as it was.")
        put_form(bundle, changed)


if __name__ == "__main__":
    main()
