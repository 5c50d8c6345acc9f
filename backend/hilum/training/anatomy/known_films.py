"""Teach the anatomy network how like a picture is to the films that it knows."""

from collections.abc import Mapping

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from hilum.imaging import Preprocessing
from hilum.imaging.phantom import Zone, draw_phantom
from hilum.imaging.preprocess import normalise
from hilum.models.anatomy.out_of_distribution import KnownFilms
from hilum.populations import Population
from hilum.training.anatomy.films import Group
from hilum.training.augment import augment
from hilum.training.config import Augmentation

_HELD_OUT = 0.25
_KEPT_SHARE = 0.995
_SLACK = 1.1
"""Films of a source that is not here lie somewhat farther than those of one that is."""
_RIDGE = 1e-3
_PHANTOMS = 60
_ZONES: tuple[Zone | None, ...] = (None, "right_lower", "left_lower", "both")


def drawn_group(side: int, *, films: int = _PHANTOMS) -> Group:
    """Phantoms: the pictures that people try the software with are known as what they are."""
    drawn = [
        draw_phantom(side, side, seed=seed, opacity=_ZONES[seed % len(_ZONES)])
        for seed in range(films)
    ]
    return Group("phantoms", Population.DRAWN, np.stack(drawn))


def with_distances(
    model: keras.Model, groups: list[Group], how: Preprocessing, *, seed: int
) -> tuple[keras.Model, KnownFilms]:
    """Give a fitted network one output more: the Mahalanobis distance to each group of films.

    Means by group and one common covariance of the coarsest features (Lee et al., "A simple
    unified framework for detecting out-of-distribution samples", NeurIPS 2018). Each film is
    seen as it is and mildly changed, so that another exposure is not another world.

    Parameters
    ----------
    model : keras.Model
        With a layer named ``features``.

    Returns
    -------
    keras.Model, KnownFilms
        The limit is that of the films held out of means and covariance.
    """
    rng = np.random.default_rng(seed)
    outputs = dict(zip(model.output_names, model.outputs, strict=True))
    reader = keras.Model(model.input, model.get_layer("features").output)
    features = {group.name: _features(reader, group.pictures, how, rng) for group in groups}
    learned, held_out = {}, []
    for name, values in features.items():
        order = rng.permutation(len(values))
        count = int(_HELD_OUT * len(values))
        held_out.append(values[order[:count]])
        learned[name] = values[order[count:]]
    head = _distances(learned)
    known = keras.Model(
        model.input, {**outputs, "distances": head(model.get_layer("features").output)}
    )
    nearest = ops.min(head(np.concatenate(held_out)), axis=1)
    return known, KnownFilms(
        groups={group.name: group.population for group in groups},
        limit=round(_SLACK * float(np.quantile(nearest, _KEPT_SHARE)), 2),
        limit_from=f"{_SLACK} times the distance that {100 * _KEPT_SHARE:g} % of held-out films, "
        "plain and mildly changed, lie within",
    )


def _features(
    reader: keras.Model, pictures: NDArray[np.float32], how: Preprocessing, rng: np.random.Generator
) -> NDArray[np.float64]:
    changed = [augment(picture, Augmentation(flip=0.0), rng).pixels for picture in pictures]
    inputs = np.stack([normalise(picture, how) for picture in [*pictures, *changed]])
    return np.asarray(reader.predict(inputs, batch_size=32, verbose=0), dtype=np.float64)


def _distances(groups: Mapping[str, NDArray[np.float64]]) -> keras.Model:
    """A head of standard layers that whitens the features about each mean, and takes lengths."""
    means = {name: values.mean(axis=0) for name, values in groups.items()}
    residuals = np.concatenate([values - means[name] for name, values in groups.items()])
    covariance = np.cov(residuals.T)
    width = len(covariance)
    covariance += _RIDGE * np.trace(covariance) / width * np.eye(width)
    whitener = np.linalg.cholesky(np.linalg.inv(covariance))
    image = keras.Input((width,))
    dense = layers.Dense(len(groups) * width, name="whitened")
    whitened = layers.Reshape((len(groups), width))(dense(image))
    squares = ops.sum(ops.square(whitened), axis=2)
    head = keras.Model(image, ops.sqrt(squares), name="distances")
    bias = np.concatenate([-mean @ whitener for mean in means.values()])
    dense.set_weights([np.tile(whitener, len(groups)), bias])
    return head
