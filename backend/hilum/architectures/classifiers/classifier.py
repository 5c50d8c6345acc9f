"""What every classifier architecture provides."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hilum.models.card import DataCredit


@dataclass(frozen=True, slots=True)
class StartingWeights:
    """Published weights that training can start from.

    Attributes
    ----------
    load : callable
        Puts the weights of a file into a network that `Classifier.build` made; raises
        `DatasetError` where the file does not fit.
    credit : DataCredit
        For the card of a model that started from them.
    """

    load: Callable[[Any, Path], None]
    credit: DataCredit


@dataclass(frozen=True, slots=True)
class Classifier:
    """An architecture.

    Attributes
    ----------
    build : callable
        Takes ``input_size_px``, ``classes`` and `settings` as keywords and returns a
        `keras.Model` with the head of `hilum.architectures.classifiers.head`.
    settings : tuple of str
        Further fields of `hilum.training.config.TrainingConfig` that `build` takes.
    starting_weights : StartingWeights or None
        None where training starts from random weights only.
    """

    build: Callable[..., Any]
    settings: tuple[str, ...] = ("dropout",)
    starting_weights: StartingWeights | None = None
