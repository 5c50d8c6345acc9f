"""A tiny network with seeded random weights, as a bundle."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from hilum.imaging import Preprocessing
from hilum.imaging.phantom import draw_phantom
from hilum.imaging.preprocess import normalise


def write_untaught_model(folder: Path, make_card: Callable[..., Any]) -> None:
    """Write a folder of models with one bundle, which reads drawn films differently."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras

    from hilum.architectures.classifiers.residual.network import build_residual
    from hilum.training.export import CLASSIFIER, export_bundle

    keras.utils.set_random_seed(7)
    network = build_residual(input_size_px=64, classes=3, width=4)
    rng = np.random.default_rng(7)
    # As made, the moving averages would hide a compiled form that lost them.
    for weights in network.weights:
        if weights.name == "moving_mean":
            weights.assign(rng.normal(0, 0.2, weights.shape))
        elif weights.name == "moving_variance":
            weights.assign(rng.uniform(0.7, 1.5, weights.shape))
    # Then the head is scaled so that drawn films are read differently, and none for certain.
    how = Preprocessing(input_size_px=64)
    drawn = [normalise(draw_phantom(64, 64, seed=seed), how) for seed in range(16)]
    logits = network(np.stack(drawn))["logits"].numpy()
    kernel, bias = network.get_layer("activation_map").weights
    kernel.assign(kernel.numpy() / logits.std(axis=0))
    bias.assign(-logits.mean(axis=0) / logits.std(axis=0))
    export_bundle(network, make_card, folder / "pneumonia", CLASSIFIER)
