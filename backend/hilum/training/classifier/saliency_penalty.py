"""Saliency penalty: a loss on evidence outside lungs and heart."""

from typing import Any

import keras
from keras import ops

from hilum.architectures.receptive_field import Cells


@keras.saving.register_keras_serializable("hilum")
class SaliencyPenalty(keras.losses.Loss):
    """Mean activation outside lungs and heart.

    After Ross et al., "Right for the right reasons" (IJCAI 2017); the maps are exact, so no
    gradient of the input is needed.

    Parameters
    ----------
    origin_px, step_px : float
        Where the map's cells lie on the input; see `hilum.architectures.receptive_field`.
    are_exclusive : bool
        Outputs of a softmax: what all of them share is no evidence for any, so each activation is
        taken against their mean. Each sigmoid stands for itself.
    """

    def __init__(
        self, origin_px: float, step_px: float, *, are_exclusive: bool, **settings: Any
    ) -> None:
        super().__init__(**settings)
        self.cells, self.are_exclusive = Cells(origin_px, step_px), are_exclusive

    def get_config(self) -> dict[str, Any]:
        """Configuration of the loss, for saving."""
        own = {**self.cells._asdict(), "are_exclusive": self.are_exclusive}
        return {**super().get_config(), **own}

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
        evidence = y_pred
        if self.are_exclusive:
            evidence -= ops.mean(y_pred, axis=-1, keepdims=True)
        return ops.mean((1 - inside) * ops.mean(ops.abs(evidence), axis=-1), axis=(1, 2))

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
