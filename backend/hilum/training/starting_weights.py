"""Start a network from weights that were trained on photographs (ImageNet)."""

from pathlib import Path

import h5py
import keras
import numpy as np
from numpy.typing import NDArray

from hilum.errors import DatasetError
from hilum.models.card import DataCredit

CREDIT = DataCredit(
    name="SqueezeNet 1.1, ImageNet weights",
    licence="MIT (keras-squeezenet), BSD (weights)",
    source="DeepCognition/keras-squeezenet on GitHub, squeezenet_weights_..._notop.h5",
    citation="Iandola et al. SqueezeNet: AlexNet-level accuracy with 50x fewer parameters. "
    "arXiv:1602.07360, 2016",
)

_GREY_DEVIATION = 60.0
"""The published network reads grey levels of 0 to 255 less their mean, in which photographs
deviate by about this much; ours reads standard deviations."""


def start_squeezenet(model: keras.Model, path: Path) -> None:
    """Put published weights into a network of `hilum.models.network.build_squeezenet`.

    The first kernels' three colours are summed: grey is the same in all of them.

    Parameters
    ----------
    model : keras.Model
    path : Path
        HDF5 file in the layout of keras-squeezenet, without its top.

    Raises
    ------
    DatasetError
        The file cannot be read, or lacks a layer, or has one of another shape.
    """
    try:
        with h5py.File(path, "r") as file:
            found = _arrays(file)
    except OSError as exc:
        raise DatasetError(f"{path.name} is no readable HDF5 file of weights.") from exc
    for layer in model.layers:
        if layer.name != "conv1" and not layer.name.startswith("fire"):
            continue
        kernel, bias = found.get(layer.name, (None, None))
        if kernel is not None and layer.name == "conv1":
            kernel = _GREY_DEVIATION * kernel.sum(axis=2, keepdims=True)
        expected = [weights.shape for weights in layer.weights]
        if kernel is None or bias is None or [kernel.shape, bias.shape] != expected:
            raise DatasetError(f"{path.name} has no weights that fit the layer {layer.name}.")
        layer.set_weights([kernel, bias])


def _arrays(file: h5py.File) -> dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Kernel and bias by layer, named as our layers are."""
    kernels: dict[str, NDArray[np.float32]] = {}
    biases: dict[str, NDArray[np.float32]] = {}

    def visit(name: str, item: object) -> None:
        if isinstance(item, h5py.Dataset):
            parts = name.split("/")
            layer = "_".join(parts[:2]) if parts[0].startswith("fire") else parts[0]
            (kernels if item.ndim > 1 else biases)[layer] = np.asarray(item, dtype=np.float32)

    file.visititems(visit)
    return {name: (kernels[name], biases[name]) for name in kernels.keys() & biases.keys()}
