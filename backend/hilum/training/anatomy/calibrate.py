"""Calibration of the anatomy network's image classes, age and view on the validation films."""

from collections.abc import Sequence

import keras
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from hilum.imaging.preprocess import normalise
from hilum.models.anatomy.picture import READ_KINDS, Estimate, Gate, PictureKind
from hilum.training.anatomy.films import Film
from hilum.training.anatomy.fit import AnatomyConfig
from hilum.training.augment import augment
from hilum.training.config import Augmentation

_KEPT_SHARE, _NEAR_SHARE = 0.005, 0.02
_HIGHEST_LIMIT = 0.5
_UNKNOWN = (0.1, 0.9)


def calibrate(
    model: keras.Model, films: dict[str, list[Film]], config: AnatomyConfig
) -> tuple[Gate, Estimate, Estimate]:
    """Choose the gate, and calibrate age group and view.

    Parameters
    ----------
    films : mapping of str to list of Film
        Validation films by their source. Each is used unchanged and with mild changes, so that the
        calibration holds for other exposures.

    Returns
    -------
    Gate, Estimate, Estimate
        The estimates are for adults and for the AP view.
    """
    rng = np.random.default_rng(config.seed)
    said = {name: _outputs(model, of, config, rng) for name, of in films.items()}
    kept = {
        name: _readable(said[name]["kind"])
        for name, of in films.items()
        if of[0].kind is PictureKind.FRONTAL_CHEST
    }
    least, near = (
        min(float(np.quantile(values, share)) for values in kept.values())
        for share in (_KEPT_SHARE, _NEAR_SHARE)
    )
    gate = Gate(
        least=round(min(least, _HIGHEST_LIMIT), 4),
        near=round(max(near, min(least, _HIGHEST_LIMIT)), 4),
        chosen=f"passed by {100 * (1 - _KEPT_SHARE):g} % and {100 * (1 - _NEAR_SHARE):g} % of the "
        f"validation films of each source; at most {_HIGHEST_LIMIT}",
    )
    # Each film twice: unchanged and changed.
    every = [film for of in films.values() for film in (*of, *of)]
    answers = {
        name: np.concatenate([said[source][name][:, 0] for source in films])
        for name in ("adult", "ap")
    }
    adult = _estimate(answers["adult"], [film.is_adult for film in every])
    return gate, adult, _estimate(answers["ap"], [film.is_ap for film in every])


def _outputs(
    model: keras.Model, films: Sequence[Film], config: AnatomyConfig, rng: np.random.Generator
) -> dict[str, NDArray[np.float32]]:
    """Outputs of the network for the unchanged films, followed by those for changed films."""
    how = config.preprocessing
    plain = [film.grey for film in films]
    changed = [augment(pixels, Augmentation(flip=0.0), rng).pixels for pixels in plain]
    inputs = np.stack([normalise(pixels, how) for pixels in (*plain, *changed)])
    found = model.predict(inputs, batch_size=32, verbose=0)
    return {name: np.asarray(values) for name, values in found.items() if name != "masks"}


def _readable(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    odds = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    kinds = list(PictureKind)
    columns = [kinds.index(kind) for kind in READ_KINDS]
    return np.asarray(odds[:, columns].sum(axis=1) / odds.sum(axis=1))


def _estimate(logits: NDArray[np.float32], truth: Sequence[bool | None]) -> Estimate:
    known = np.array([value is not None for value in truth])
    chosen = (
        f"logistic regression on {int(known.sum()) // 2} validation films, plain and "
        f"mildly changed; no answer between"
    )
    labels = np.array([bool(value) for value in truth])[known]
    slope, offset = 1.0, 0.0
    if len(set(labels.tolist())) > 1:
        fitted = LogisticRegression().fit(logits[known][:, np.newaxis], labels)
        slope, offset = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    low, high = _UNKNOWN
    return Estimate(
        slope=round(slope, 4),
        offset=round(offset, 4),
        unknown=_UNKNOWN,
        chosen=f"{chosen} {low} and {high}",
    )
