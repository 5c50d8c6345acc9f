"""A small network that is taught in seconds to find drawn opacities, as a bundle."""

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hilum.imaging import Box, Preprocessing
from hilum.imaging.phantom import draw_phantom
from hilum.imaging.preprocess import cut, normalise
from tests.shipped import SHIPPED

HOW = Preprocessing(input_size_px=96, region="lung_field", sampled_px=128)
# About where lungs and heart are in every phantom; reading finds the field itself.
_FIELD = Box(0.12, 0.06, 0.88, 0.86)


def write_taught_models(folder: Path, make_card: Callable[..., Any]) -> None:
    """Write a folder of models: anatomy as it is shipped, and a network that knows phantoms."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras

    from hilum.training.export import CLASSIFIER, export_bundle

    keras.utils.set_random_seed(3)
    network = small_network((8, 16, 16, 24), outputs=3)
    pictures, labels = _drawn()
    network.compile(
        keras.optimizers.Adam(4e-3),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    network.fit(pictures, labels, epochs=30, batch_size=32, verbose=0)
    facts = {
        "preprocessing": HOW.model_dump(),
        "calibration": {
            "temperature": (1.0, 1.0, 1.0),
            "bias": (0.0, 0.0, 0.0),
            "fitted_on": "nothing",
        },
    }
    export_bundle(
        network, lambda files: make_card(files, **facts), folder / "pneumonia", CLASSIFIER
    )
    shutil.copytree(SHIPPED.parent / "anatomy", folder / "anatomy")


def small_network(filters: Sequence[int], *, outputs: int) -> Any:
    """A network of 96 pixels whose logits are the means of its maps; the last layer keeps size."""
    import keras
    from keras import layers

    image = keras.Input((96, 96, 1))
    x = image
    for number, count in enumerate(filters, 1):
        stride = 1 if number == len(filters) else 2
        x = layers.Conv2D(count, 3, strides=stride, activation="relu")(x)
    maps = layers.Conv2D(outputs, 1, name="activation_map")(x)
    return keras.Model(image, layers.GlobalAveragePooling2D(name="logits")(maps))


def _drawn() -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Clear phantoms, and the same with a cloud anywhere in a lung: high is viral, low bacterial.

    The clouds are not those that `draw_phantom` draws in its zones: these are for the tests.
    """
    rng = np.random.default_rng(3)
    x, y = np.meshgrid((np.arange(128) + 0.5) / 128, (np.arange(128) + 0.5) / 128)
    pictures, labels = [], []
    for seed in range(10):
        clear = draw_phantom(128, 128, seed=100 + seed)
        for number in range(24):
            film, label = clear, 0
            if number >= 8:
                across, down = (
                    rng.choice([0.31, 0.70]) + rng.uniform(-0.04, 0.04),
                    rng.uniform(0.3, 0.66),
                )
                radius = rng.uniform(0.07, 0.11)
                cloud = np.exp(-((((x - across) ** 2 + (y - down) ** 2) / radius**2) ** 1.5))
                film = np.float32(clear + rng.uniform(0.18, 0.3) * cloud)
                label = 1 if down > 0.48 else 2
            if rng.random() < 0.5:
                film = np.ascontiguousarray(film[:, ::-1])
            pictures.append(normalise(cut(film, _FIELD, 96), HOW))
            labels.append(label)
    return np.stack(pictures), np.array(labels)
