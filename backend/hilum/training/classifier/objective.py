"""What a classifier is fitted to: targets, their weights and the loss."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

LossName = Literal["cross_entropy", "weighted_cross_entropy", "focal", "asymmetric"]
LOSSES: tuple[LossName, ...] = get_args(LossName)


@dataclass(frozen=True, slots=True, eq=False)
class Objective:
    """What a network is fitted to.

    Attributes
    ----------
    targets : ndarray of float32, shape (n, k)
        Probability of each output; not a number where it is unknown.
    weights : ndarray of float32, shape (n,)
        Weight of each image in the loss.
    empty : ndarray of float32, shape (k,)
        Targets of an image in which lungs and heart were filled: what is known without a look.
    loss : keras.losses.Loss
    metric : str or keras.metrics.Metric
        Shown and kept in the history.
    """

    targets: NDArray[np.float32]
    weights: NDArray[np.float32]
    empty: NDArray[np.float32]
    loss: keras.losses.Loss
    metric: Any


def one_of_many(
    labels: NDArray[np.intp], classes: int, *, label_smoothing: float = 0.0
) -> Objective:
    """Objective of a softmax, in which each class weighs the same as a whole.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
    """
    return Objective(
        np.eye(classes, dtype=np.float32)[labels],
        _balanced_weights(labels, classes),
        np.full(classes, 1 / classes, dtype=np.float32),
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=label_smoothing),
        "accuracy",
    )


def each_by_itself(
    targets: NDArray[np.float32], loss: LossName = "weighted_cross_entropy"
) -> Objective:
    """Objective of a sigmoid of each finding.

    Parameters
    ----------
    targets : ndarray of float32, shape (n, k)
        1 present, 0 absent, between for an uncertain label, not a number where it is unknown.
    """
    shares = np.nanmean(targets, axis=0)
    return Objective(
        targets,
        np.ones(len(targets), dtype=np.float32),
        shares.astype(np.float32),
        FindingsLoss(loss, shares.tolist()),
        KnownAUC(name="auroc"),
    )


def _balanced_weights(labels: NDArray[np.intp], classes: int) -> NDArray[np.float32]:
    """Each class weighs the same as a whole; the mean weight is 1."""
    counts = np.bincount(labels, minlength=classes)
    return (len(labels) / (classes * counts))[labels].astype(np.float32)


@keras.saving.register_keras_serializable("hilum")
class FindingsLoss(keras.losses.Loss):
    """Mean loss of the findings that are known of an image.

    ``cross_entropy``; ``weighted_cross_entropy``, in which present and absent contribute the same
    as a whole to each finding (Wang et al., CVPR 2017, by finding); ``focal`` with gamma 2 (Lin et
    al., ICCV 2017); ``asymmetric`` with gammas 0 and 4 and margin 0.05 (Ridnik et al., ICCV 2021).

    Parameters
    ----------
    shares : list of float, length k
        Share of the images with each finding.
    """

    def __init__(self, kind: LossName, shares: list[float], **settings: Any) -> None:
        super().__init__(**settings)
        self.kind, self.shares = kind, shares

    def get_config(self) -> dict[str, Any]:
        """Configuration of the loss, for saving."""
        return {**super().get_config(), "kind": self.kind, "shares": self.shares}

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Loss of each image, shape (n,).

        Parameters
        ----------
        y_true : tensor, shape (n, k)
            See `Objective.targets`.
        y_pred : tensor, shape (n, k)
            Logits.
        """
        is_known = ops.logical_not(ops.isnan(y_true))
        truth = ops.where(is_known, y_true, 0.0)
        present, absent = self.terms(y_pred)
        losses = truth * present + (1 - truth) * absent
        known = ops.cast(is_known, losses.dtype)
        return ops.sum(known * losses, axis=-1) / ops.maximum(ops.sum(known, axis=-1), 1.0)

    def terms(self, logits: Any) -> tuple[Any, Any]:
        """Loss of each output if its finding is present, and if it is absent."""
        present, absent = ops.softplus(-logits), ops.softplus(logits)
        if self.kind == "cross_entropy":
            return present, absent
        probability = ops.sigmoid(logits)
        if self.kind == "focal":
            return (1 - probability) ** 2 * present, probability**2 * absent
        if self.kind == "asymmetric":
            shifted = ops.maximum(probability - 0.05, 0.0)
            return present, -(shifted**4) * ops.log1p(-ops.minimum(shifted, 1 - 1e-6))
        shares = ops.convert_to_tensor(np.clip(self.shares, 1e-3, 1 - 1e-3), dtype=logits.dtype)
        return present / (2 * shares), absent / (2 * (1 - shares))


@keras.saving.register_keras_serializable("hilum")
class KnownAUC(keras.metrics.AUC):
    """AUROC over all findings and images together, of the labels that are known."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"num_thresholds": 200, **settings, "from_logits": True})

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:  # noqa: ARG002
        """Count a batch; see `FindingsLoss.call`."""
        is_known = ops.logical_not(ops.isnan(y_true))
        truth = ops.cast(ops.where(is_known, y_true, 0.0) >= 0.5, y_pred.dtype)
        weights = ops.cast(is_known, y_pred.dtype)
        return super().update_state(
            ops.reshape(truth, (-1, 1)), ops.reshape(y_pred, (-1, 1)), ops.reshape(weights, (-1,))
        )
