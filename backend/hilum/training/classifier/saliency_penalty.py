"""Saliency penalty: a loss on evidence outside lungs and heart."""

from typing import Any

import keras
from keras import ops

from hilum.architectures.receptive_field import Cells


@keras.saving.register_keras_serializable("hilum")
class SaliencyPenalty(keras.losses.Loss):
    """Mean activation outside lungs and heart, each of several classes against their mean.

    In a softmax, what all classes share is no evidence for any. Sigmoids are penalised so as well:
    against zero, their evidence was not better placed (docs/experiments.md).

    After Ross et al., "Right for the right reasons" (IJCAI 2017); the maps are exact, so no
    gradient of the input is needed.

    Parameters
    ----------
    origin_px, step_px : float
        Where the map's cells lie on the input; see `hilum.architectures.receptive_field`.
    """

    def __init__(self, origin_px: float, step_px: float, **settings: Any) -> None:
        super().__init__(**settings)
        self.cells = Cells(origin_px, step_px)

    def get_config(self) -> dict[str, Any]:
        """Configuration of the loss, for saving."""
        return {**super().get_config(), **self.cells._asdict()}

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """The penalty of each picture.

        Parameters
        ----------
        y_true : tensor, shape (n, side, side, 1)
            1 in lungs and heart, on the network's input.
        y_pred : tensor, shape (n, rows, columns, classes)
            Activation maps.

        Returns
        -------
        tensor, shape (n,)
        """
        inside = self._covered(y_true, y_pred.shape[1])
        against_all = y_pred
        if y_pred.shape[-1] > 1:
            against_all -= ops.mean(y_pred, axis=-1, keepdims=True)
        return ops.mean((1 - inside) * ops.mean(ops.abs(against_all), axis=-1), axis=(1, 2))

    def _covered(self, chest: Any, count: int) -> Any:
        """Share of each cell's own square that is chest, shape (n, count, count)."""
        side, step = chest.shape[1], max(1, round(self.cells.step_px))
        first = round(self.cells.origin_px - (step - 1) / 2)
        last = first + count * step
        before, after = max(0, -first), max(0, last - side)
        margin = (before, after)
        padded = ops.pad(chest[..., 0], ((0, 0), margin, margin))
        own = padded[:, first + before : last + before, first + before : last + before]
        return ops.mean(ops.reshape(own, (-1, count, step, count, step)), axis=(2, 4))
