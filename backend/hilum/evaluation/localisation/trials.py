"""Faithfulness of evidence maps: deletion, insertion, random weights, small changes."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from hilum.evaluation.localisation.heat import SIDE
from hilum.evaluation.robustness.changes import Change
from hilum.findings import Finding
from hilum.imaging import Radiograph
from hilum.models import Reader
from hilum.models.anatomy import LungField
from hilum.models.bundle import KERAS_FILE
from hilum.models.evidence.pictures import on_picture
from hilum.models.evidence.place import Heat, Place
from hilum.models.runtime import SINGLE_OUTPUT

Inputs = NDArray[np.float32]

ORDERS = ("evidence", "random", "centre")
RANDOMISED = ("head", "upper half", "all layers")

_BLOCK_PX = 8
_STEPS = 10
_RANDOM_ORDERS = 2


def deletion_and_insertion(
    reader: Reader,
    finding: Finding,
    picture: Inputs,
    heat: Heat,
    place: Place,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Areas under the deletion and the insertion curve of one film (Petsiuk et al., BMVC 2018).

    Blocks of the network's input are taken away (their place filled with the mean grey) or
    brought back (to a blurred copy), a tenth at a time, by each order of `ORDERS`; the area is
    the mean of the finding's probability over the steps. Evidence first should make the
    probability fall sooner and rise sooner than a random order.

    Parameters
    ----------
    picture : ndarray of float32, shape (side, side, 1)
    heat : ndarray of float32
        On the raster of `place`.

    Returns
    -------
    ndarray of float64, shape (2, orders)
        Deletion and insertion; in the order of `ORDERS`.
    """
    side = picture.shape[0]
    blocks = -(-side // _BLOCK_PX)
    whole = LungField(0.0, 0.0, float(side), float(side), side, side)
    on_input = on_picture(
        heat, Place(place.layer, place.input_size_px, whole), width=side, height=side
    )
    mean_heat = cv2.resize(on_input, (blocks, blocks), interpolation=cv2.INTER_AREA).ravel()
    middles = (np.arange(blocks) + 0.5) / blocks - 0.5
    from_middle = -np.hypot(*np.meshgrid(middles, middles)).ravel()
    scores = [mean_heat, *rng.random((_RANDOM_ORDERS, blocks**2)), from_middle]
    blurred: Inputs = np.asarray(cv2.GaussianBlur(picture, (0, 0), side / 16), dtype=np.float32)
    blurred = blurred.reshape(picture.shape)
    ends = ((picture, np.zeros_like(picture)), (blurred, picture))
    batch = [
        _mixed(before, after, np.argsort(-score, kind="stable"), blocks)
        for before, after in ends
        for score in scores
    ]
    readings = reader.read_prepared(np.concatenate(batch))
    said = np.array([reading.probability(finding) for reading in readings])
    areas = np.trapezoid(said.reshape(2, -1, _STEPS + 1), axis=2) / _STEPS
    return np.column_stack([areas[:, 0], areas[:, 1:-1].mean(axis=1), areas[:, -1]])


def _mixed(before: Inputs, after: Inputs, order: NDArray[np.intp], blocks: int) -> Inputs:
    """From one picture to another block by block, shape (steps + 1, side, side, 1)."""
    side = before.shape[0]
    rank = np.empty(len(order))
    rank[order] = np.arange(len(order)) / len(order)
    ranks = rank.reshape(blocks, blocks).repeat(_BLOCK_PX, axis=0).repeat(_BLOCK_PX, axis=1)
    taken = ranks[:side, :side, np.newaxis]
    return np.stack(
        [np.where(taken < step / _STEPS, after, before) for step in range(_STEPS + 1)]
    ).astype(np.float32)


Maps = Callable[[Inputs], tuple[NDArray[np.float32], NDArray[np.float32]]]
"""Logits and activation maps of pictures."""


def randomised_networks(bundle_folder: Path, layer: str, *, seed: int = 0) -> dict[str, Maps]:
    """The network with more and more of its weights shuffled, from the head down.

    The sanity check of Adebayo et al. (NeurIPS 2018): a map that stays the same shows edges of
    the picture and not what the network learned. Shuffled within each array, so that their
    distribution stays.

    Parameters
    ----------
    layer : str
        Name of the evidence output.

    Returns
    -------
    mapping of str to callable
        By `RANDOMISED`; see `Maps`.
    """
    import keras

    def shuffled(name: str) -> Maps:
        model = keras.saving.load_model(bundle_folder / KERAS_FILE, compile=False)
        with_weights = [each for each in model.layers if each.weights][::-1]
        count = {"head": 1, "upper half": len(with_weights) // 2}.get(name, len(with_weights))
        rng = np.random.default_rng(seed)
        for each in with_weights[:count]:
            weights = each.get_weights()
            each.set_weights([rng.permutation(w.ravel()).reshape(w.shape) for w in weights])

        def maps(batch: Inputs) -> tuple[Any, Any]:
            outputs = model.predict_on_batch(batch)
            return np.asarray(outputs[SINGLE_OUTPUT]), np.asarray(outputs[layer])

        return maps

    return {name: shuffled(name) for name in RANDOMISED}


def rank_correlation(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """Spearman's rank correlation of two maps; 0 where one of them is even."""
    from scipy.stats import rankdata

    ranks = [rankdata(each.ravel()) for each in (one, other)]
    if any(np.ptp(each) == 0 for each in ranks):
        return 0.0
    return float(np.corrcoef(*ranks)[0, 1])


def overlap(one: Heat, other: Heat) -> float:
    """Share of evidence that two maps have in one place, in [0, 1]; 0 where one has none."""
    if one.max() <= 0 or other.max() <= 0:
        return 0.0
    return float(np.minimum(one / one.sum(), other / other.sum()).sum())


def moved(heat: Heat, change: Change, radiograph: Radiograph, level: int, *, seed: int) -> Heat:
    """Heat on the common square, moved as a change moves the film."""
    matrix = change.placement(radiograph, level, seed=seed)
    if matrix is None:
        return heat
    rows, columns = radiograph.pixels.shape
    to_square = np.diag([SIDE / columns, SIDE / rows, 1.0])
    # Pixel centres lie half a pixel from the edges on both.
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1.0]])
    on_square = (
        np.linalg.inv(half) @ to_square @ half @ np.vstack([matrix, [0, 0, 1]])
        @ np.linalg.inv(half) @ np.linalg.inv(to_square) @ half
    )  # fmt: skip
    placed = cv2.warpAffine(heat, on_square[:2], (SIDE, SIDE), flags=cv2.INTER_LINEAR)
    return np.asarray(placed, dtype=np.float32)


def other_films(patients: Sequence[str]) -> list[int | None]:
    """For each film the next one of another patient; None if there is none."""
    count = len(patients)
    return [
        next(
            (j % count for j in range(i + 1, i + count) if patients[j % count] != patients[i]),
            None,
        )
        for i in range(count)
    ]
