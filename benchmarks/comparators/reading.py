"""A reading with NumPy, OpenCV and ONNX Runtime alone, as the bundles' cards say.

Imports nothing of Hilum, which the comparators' environment does not have.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

_MARGIN = 0.06
"""Around the lungs and the heart, as a share of the box's larger side."""

_PART_SHARE = 0.25
"""A second piece of an organ counts where it has at least this share of the largest one."""


class Box(NamedTuple):
    """Edges as shares of the picture's width and height."""

    left: float
    top: float
    right: float
    bottom: float


WHOLE = Box(0.0, 0.0, 1.0, 1.0)


class Network:
    """A bundle's network and its card."""

    def __init__(self, folder: Path) -> None:
        self.card: dict[str, Any] = json.loads((folder / "card.json").read_text("utf-8"))
        how = self.card["preprocessing"]
        self.side_px: int = how["input_size_px"]
        self.sampled_px: int = how["sampled_px"] or self.side_px
        self.clip: float = how["clip"]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        file = folder / self.card["compiled"][0]["file"]
        self._session = onnxruntime.InferenceSession(
            str(file), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name

    def output(self, name: str, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """One output for one square picture."""
        batch = standardise(pixels, self.clip)[np.newaxis, :, :, np.newaxis]
        (values,) = self._session.run([name], {self._input: batch})
        return values[0]


class ChestReader:
    """Reads JPEGs with an anatomy bundle and the pneumonia bundle.

    Parameters
    ----------
    folder : Path
        Of both bundles.
    """

    def __init__(self, folder: Path) -> None:
        cv2.setNumThreads(1)
        self._anatomy = Network(folder / "anatomy")
        self._pneumonia = Network(folder / "pneumonia")
        card = self._pneumonia.card
        task = next(each for each in card["tasks"] if each["finding"] == card["main"])
        self._columns = [card["outputs"].index(part) for part in task["parts"]]

    def read(self, content: bytes) -> dict[str, Any]:
        """Probability of pneumonia, and the box that was read."""
        picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
        assert picture is not None
        pixels = np.asarray(picture, dtype=np.uint8)
        box = lung_box(
            self._anatomy.output("masks", shrunk(pixels, self._anatomy.side_px)), pixels.shape
        )
        field = cut(shrunk(pixels, self._pneumonia.sampled_px), box, self._pneumonia.side_px)
        logits = self._pneumonia.output("logits", field)
        probabilities = softmax(logits, self._pneumonia.card["calibration"])
        return {
            "probability": float(probabilities[self._columns].sum()),
            "box": box._asdict(),
        }


def shrunk(pixels: NDArray[np.uint8], side: int) -> NDArray[np.float32]:
    """Stretch to a square by averaging areas."""
    return cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32)


def standardise(pixels: NDArray[np.float32], clip: float) -> NDArray[np.float32]:
    """Mean 0 and standard deviation 1, then clipped."""
    return np.clip((pixels - pixels.mean()) / max(float(pixels.std()), 1e-6), -clip, clip)


def lung_box(logits: NDArray[np.float32], shape: tuple[int, ...]) -> Box:
    """Box lungs and heart with a margin; the whole picture where there are none.

    Parameters
    ----------
    logits : ndarray of float32, shape (side, side, organs)
    shape : tuple of int
        Rows and columns of the picture that the masks are stretched over.
    """
    rows, columns = shape
    bounds = [
        cv2.boundingRect(part) for organ in np.moveaxis(logits > 0, 2, 0) for part in _parts(organ)
    ]
    if not bounds:
        return WHOLE
    x, y, width, height = np.array(bounds).T / logits.shape[0]
    left, top, right, bottom = x.min(), y.min(), (x + width).max(), (y + height).max()
    margin = _MARGIN * max(columns * (right - left), rows * (bottom - top))
    return Box(
        float(max(0, left - margin / columns)),
        float(max(0, top - margin / rows)),
        float(min(1, right + margin / columns)),
        float(min(1, bottom + margin / rows)),
    )


def _parts(mask: NDArray[np.bool_]) -> list[NDArray[np.int32]]:
    """Contours of the largest part and those not much smaller."""
    contours, _ = cv2.findContours(
        mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    areas = [cv2.contourArea(contour) for contour in contours]
    return [
        contour
        for contour, area in zip(contours, areas, strict=True)
        if area > 0 and area >= _PART_SHARE * max(areas)
    ]


def cut(pixels: NDArray[np.float32], box: Box, side: int) -> NDArray[np.float32]:
    """Cut a box out of a square picture and stretch it to a square."""
    scale_x = side / ((box.right - box.left) * pixels.shape[1])
    scale_y = side / ((box.bottom - box.top) * pixels.shape[0])
    # Pixel centres lie half a pixel from the edges that a box speaks of.
    matrix = np.array(
        [
            [scale_x, 0.0, (0.5 - box.left * pixels.shape[1]) * scale_x - 0.5],
            [0.0, scale_y, (0.5 - box.top * pixels.shape[0]) * scale_y - 0.5],
        ]
    )
    placed = cv2.warpAffine(pixels, matrix, (side, side), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(placed, dtype=np.float32)


def softmax(logits: NDArray[np.float32], calibration: dict[str, list[float]]) -> NDArray[Any]:
    """Calibrated probabilities."""
    scaled = logits / np.array(calibration["temperature"]) + np.array(calibration["bias"])
    odds = np.exp(scaled - scaled.max())
    return odds / odds.sum()
