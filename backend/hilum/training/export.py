"""Writing of a bundle: Keras model, verified compiled form, card."""

import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Generic, TypeVar

import keras
import numpy as np
import onnx
from numpy.typing import NDArray

from hilum.architectures.classifiers.head import ACTIVATION_MAP
from hilum.architectures.receptive_field import cells_of
from hilum.errors import BundleError
from hilum.evaluation.reports.model_card import CARD_TEXT_FILE, card_text
from hilum.imaging.phantom import Zone, draw_phantom
from hilum.imaging.preprocess import normalise
from hilum.models.bundle import (
    CARD_FILE,
    COMPILED_FILE,
    KERAS_FILE,
    load_bundle_of,
    sha256_of,
    write_card,
)
from hilum.models.calibration import calibrated
from hilum.models.card import BundleCard, Card, EvidenceLayer
from hilum.models.reader import classifier_outputs
from hilum.models.runtime import SINGLE_OUTPUT, Outputs, RuntimeName, load_runtime
from hilum.models.split_lists import SPLITS_FILE

MAX_DIFFERENCE, MAX_DIFFERENCE_HALVED = 0.005, 0.02
"""Largest difference of any probability, also of a cell, between `model.keras` and a compiled form,
and one with weights in half precision."""

_LARGE = 1024
"""Weights of a layer from which on their precision is halved; fewer save nothing."""

_ZONES: tuple[Zone | None, ...] = (
    None, "right_upper", "right_lower", "left_upper", "left_lower", "both",
)  # fmt: skip

C = TypeVar("C", bound=BundleCard)


@dataclass(frozen=True, slots=True)
class Kind(Generic[C]):
    """What exporting needs to know of a kind of model.

    Attributes
    ----------
    outputs : callable
        Shapes of the network's outputs for one picture, from the card.
    probabilities : callable
        All probabilities that a reader would make of the outputs, as one array.
    with_outputs : callable
        The network with all the outputs that a bundle's has.
    with_facts : callable
        The card with what it says of these outputs.
    """

    card_type: type[C]
    outputs: Callable[[C], dict[str, tuple[int, ...]]]
    probabilities: Callable[[C, Outputs], NDArray[np.floating]]
    with_outputs: Callable[[keras.Model], keras.Model] = lambda model: model
    with_facts: Callable[[C, keras.Model], C] = lambda card, _: card


def with_evidence(model: keras.Model) -> keras.Model:
    """A classifier with its activation map as a second output, if it has that layer."""
    names = {layer.name for layer in model.layers}
    if ACTIVATION_MAP not in names or isinstance(model.output, dict):
        return model
    outputs = {
        SINGLE_OUTPUT: model.output,
        ACTIVATION_MAP: model.get_layer(ACTIVATION_MAP).output,
    }
    return keras.Model(model.input, outputs, name=model.name)


def evidence_layer(model: keras.Model) -> EvidenceLayer | None:
    """Evidence section of a network's card; None for a network with one output."""
    if not isinstance(model.output, dict):
        return None
    cells = cells_of(model, ACTIVATION_MAP)
    _, rows, columns, _ = model.output[ACTIVATION_MAP].shape
    return EvidenceLayer(
        layer=ACTIVATION_MAP,
        grid=(rows, columns),
        origin_px=cells.origin_px,
        step_px=cells.step_px,
    )


def _classifier_probabilities(card: Card, outputs: Outputs) -> NDArray[np.float64]:
    """Probabilities of each film, and of each cell if there is a map, for comparison."""
    logits = [outputs[SINGLE_OUTPUT]]
    if isinstance(card.evidence, EvidenceLayer):
        logits.append(outputs[card.evidence.layer].reshape(-1, len(card.outputs)))
    return calibrated(np.concatenate(logits), card.calibration, card.activation)


CLASSIFIER = Kind(
    Card,
    classifier_outputs,
    _classifier_probabilities,
    with_evidence,
    lambda card, model: card.model_copy(update={"evidence": evidence_layer(model)}),
)


def shortened(model: keras.Model) -> keras.Model:
    """The network as a bundle holds it, weights rounded to 12 bits of mantissa.

    That is half precision's and one more, at float32's range: what weights carry beyond is
    noise, and zeros deflate. It was never compiled: an optimiser would treble the file, for no
    reader's use.
    """
    bare = keras.Model.from_config(model.get_config())
    bits = (
        np.asarray(weights, dtype=np.float32).view(np.uint32) for weights in model.get_weights()
    )
    bare.set_weights(
        [((each + np.uint32(0x800)) & np.uint32(0xFFFFF000)).view(np.float32) for each in bits]
    )
    return bare


def export_bundle(
    model: keras.Model,
    make_card: Callable[[dict[str, str]], C],
    folder: Path,
    kind: Kind[C],
    *,
    beside: Mapping[str, str] | None = None,
    measured: Callable[[C, Path], C] = lambda card, _: card,
    halves_weights: bool = False,
) -> C:
    """Write a bundle into `folder`, replacing the files of one that is there.

    Parameters
    ----------
    make_card : callable
        Takes the SHA-256 of each file of the bundle and returns the whole card.
    beside : mapping of str to str, optional
        Text of other files of the bundle, by name.
    measured : callable, optional
        Takes the card and the folder of the bundle before it is written, and returns the card
        with figures of the bundle as it is run.
    halves_weights : bool
        Store the weights of the compiled form in half precision, in half the size. Runtimes compute
        with them in float32.

    Raises
    ------
    BundleError
        A compiled form does not agree with the Keras model; nothing is written then.
    """
    with TemporaryDirectory() as name:
        made = Path(name)
        bare = kind.with_outputs(shortened(model))
        bare.save(made / KERAS_FILE)
        _deflate(made / KERAS_FILE)
        _compile(bare, made / COMPILED_FILE)
        if halves_weights:
            halve_weights(made / COMPILED_FILE)
        for file, text in (beside or {}).items():
            (made / file).write_text(text, encoding="utf-8")
        hashed = (KERAS_FILE, COMPILED_FILE, *(beside or {}))
        files = {file: sha256_of(made / file) for file in hashed}
        card = kind.with_facts(make_card(files), bare)
        write_card(card, made)
        most = MAX_DIFFERENCE_HALVED if halves_weights else MAX_DIFFERENCE
        for runtime, difference in _largest_differences(made, kind).items():
            if difference > most:
                raise BundleError(
                    f"{runtime.value} gives probabilities {difference:.4f} away from those of "
                    f"{KERAS_FILE}; at most {most} is allowed. No bundle was written."
                )
        card = measured(card, made)
        write_card(card, made)
        folder.mkdir(parents=True, exist_ok=True)
        for file in (*hashed, CARD_FILE):
            shutil.copyfile(made / file, folder / f".new-{file}")
        for file in (*hashed, CARD_FILE):
            (folder / f".new-{file}").replace(folder / file)
    return card


def reexport(folder: Path, *, version: str) -> Card:
    """Write a classifier's bundle again from its own ``model.keras``: same weights, same figures.

    For bundles from before a change of what a bundle holds; nothing is trained.

    Parameters
    ----------
    folder : Path
        The bundle; its card and both files are replaced.
    """
    bundle = load_bundle_of(Card, folder)
    model = keras.saving.load_model(folder / KERAS_FILE, compile=False)

    def made(files: dict[str, str]) -> Card:
        return bundle.card.model_copy(update={"files": files, "version": version})

    listed = folder / SPLITS_FILE
    beside = {SPLITS_FILE: listed.read_text(encoding="utf-8")} if listed.is_file() else None
    card = export_bundle(model, made, folder, CLASSIFIER, beside=beside)
    (folder / CARD_TEXT_FILE).write_text(card_text(card), encoding="utf-8")
    return card


def _largest_differences(folder: Path, kind: Kind[C]) -> dict[RuntimeName, float]:
    """Largest difference of any probability between each runtime and Keras, on drawn phantoms."""
    bundle = load_bundle_of(kind.card_type, folder)
    how = bundle.card.preprocessing
    side = how.input_size_px
    batch = np.stack(
        [
            normalise(draw_phantom(side, side, seed=seed, opacity=zone), how)
            for seed, zone in enumerate(_ZONES)
        ]
    )

    def probabilities(name: RuntimeName) -> NDArray[np.floating]:
        runtime = load_runtime(bundle, name, kind.outputs(bundle.card))
        return kind.probabilities(bundle.card, runtime.infer(batch))

    source = probabilities(RuntimeName.KERAS)
    return {
        name: float(np.abs(source - probabilities(name)).max())
        for name in (RuntimeName.OPENVINO, RuntimeName.ONNXRUNTIME)
    }


def _deflate(path: Path) -> None:
    """Compress the archive that Keras only stores."""
    with zipfile.ZipFile(path) as stored:
        members = {name: stored.read(name) for name in stored.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as deflated:
        for name, content in members.items():
            deflated.writestr(name, content)


def _compile(model: keras.Model, path: Path) -> None:
    signature = keras.InputSpec(shape=(None, *model.input_shape[1:]), dtype="float32", name="image")
    # Keras does this with tf2onnx. No other exporter gives both runtimes an equal network:
    # CONTRIBUTING.md has the figures.
    model.export(path, format="onnx", verbose=False, input_signature=[signature])


def halve_weights(path: Path) -> None:
    """Store the large weights of an ONNX network in half precision, converted as it is loaded."""
    network = onnx.load(path)
    graph = network.graph
    for stored in graph.initializer:
        weights = onnx.numpy_helper.to_array(stored)
        is_large = weights.dtype == np.float32 and weights.size >= _LARGE
        if not is_large or np.abs(weights).max() > np.finfo(np.float16).max:
            continue
        name = stored.name
        stored.CopyFrom(onnx.numpy_helper.from_array(weights.astype(np.float16), f"{name}_half"))
        graph.node.insert(
            0, onnx.helper.make_node("Cast", [stored.name], [name], to=onnx.TensorProto.FLOAT)
        )
    onnx.save(network, path)
