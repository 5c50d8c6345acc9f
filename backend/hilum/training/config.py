"""Configuration of a training run, frozen and with its seed."""

import warnings
from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from hilum.architectures.classifiers import classifier_names
from hilum.imaging import Preprocessing

_RENAMED = {"outside_penalty": "saliency_penalty"}
_RENAMED_ARCHITECTURES = {"mobilenet": "mobilenet_v2"}


def current_name(name: str) -> str:
    """Current name of a setting; an earlier name is accepted with a `FutureWarning`."""
    return _current("setting", name, _RENAMED)


def _current(what: str, name: str, renamed: Mapping[str, str]) -> str:
    if name not in renamed:
        return name
    warnings.warn(
        f"The {what} {name!r} is now called {renamed[name]!r}; the old name will be removed.",
        FutureWarning,
        stacklevel=4,
    )
    return renamed[name]


class Augmentation(BaseModel):
    """Ranges of the random changes of a training image.

    The ranges are physically motivated: positioning of children, differences of exposure and
    display curves between machines, areas covered by collimators and markers.

    Attributes
    ----------
    rotation_degrees, shift, zoom, stretch : float
        Largest rotation; largest shift and zoom as shares of the side; largest change of the
        aspect ratio.
    gamma : float
        Exponent of the grey curve is drawn from ``[1 / gamma, gamma]``.
    saturation : float
        Largest share of the pixels lost in white, or in black, as by a narrow window or a hard
        film; 0: a fixed small part of the grey range.
    coarsest_jpeg : int
        Lowest quality at which the picture is stored as JPEG and read back; 100: never.
    blur_px, noise : float
        Largest Gaussian blur; largest noise as a share of the grey range.
    sharpening : float
        Largest gain of an unsharp mask.
    local_contrast : float
        Largest clip limit of a local equalisation (CLAHE), as some machines do it; up to 1: none.
    border : float
        Largest share of a side that a black or white border covers.
    patch : float
        Largest side of one covered patch, as a share of the picture's side; up to 0.04: none.
    surroundings, chestless : float
        Probability that all but lungs and heart is filled with one grey, so that surroundings are
        not informative; and probability that lungs and heart are filled and the labels made
        uniform, so that the network learns to give no answer. Only if the lung field is read.
    flip : float
        Probability of a left-right flip.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rotation_degrees: float = Field(default=10.0, ge=0, le=180)
    shift: float = Field(default=0.06, ge=0, le=1)
    zoom: float = Field(default=0.12, ge=0, lt=1)
    stretch: float = Field(default=0.10, ge=0)
    gamma: float = Field(default=1.7, ge=1)
    saturation: float = Field(default=0.0, ge=0, lt=0.5)
    coarsest_jpeg: int = Field(default=100, ge=1, le=100)
    blur_px: float = Field(default=1.2, ge=0)
    noise: float = Field(default=0.04, ge=0)
    sharpening: float = Field(default=1.0, ge=0)
    local_contrast: float = Field(default=0.0, ge=0)
    border: float = Field(default=0.08, ge=0, lt=0.5)
    patch: float = Field(default=0.2, ge=0, lt=1)
    surroundings: float = Field(default=0.0, ge=0, le=1)
    chestless: float = Field(default=0.0, ge=0, le=1)
    flip: float = Field(default=0.5, ge=0, le=1)


class TrainingConfig(BaseModel):
    """Configuration of a classifier's training run, whatever it finds; stored in the card.

    Attributes
    ----------
    seed : int
        Of splits, initial weights, order and augmentation.
    epochs, patience : int
        At most so many epochs; stop after so many without a lower validation loss.
    kept_epoch : {"best", "last"}
        Epoch from which weights are kept: the one with the lowest validation loss, which label
        noise influences, or the last one, in which the learning rate is about zero.
    learning_rate : float
        Peak learning rate, reached after one epoch; then it falls to zero as a half cosine.
    mixup : float
        Both parameters of the beta distribution for mixing two images and their labels (Zhang et
        al., ICLR 2018); 0: no mixing.
    saliency_penalty : float
        Weight in the loss of activation-map values outside lungs and heart.
    mixed_precision : bool
        Compute in bfloat16, with weights in float32: less memory, and faster on processors and
        accelerators that have bfloat16. The network of the bundle computes in float32.
    averaging : float
        Momentum of a running mean of the weights, which is kept in their place; 0: none.
    architecture : str
        One of `hilum.architectures.classifiers.classifier_names()`.
    width : int
        Channels of the residual network's first stage.
    starting_weights : str or None
        SHA-256 of the file of weights that training starts from; None for random ones.
    head_start : float
        Strength of the linear probe that the head starts from; 0: a random head. See
        `hilum.training.classifier.head_start`.
    coverage : float
        That the sets of labels aim at, on films like those of training.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = 20
    epochs: int = Field(default=30, ge=1)
    patience: int = Field(default=30, ge=1)
    kept_epoch: Literal["best", "last"] = "last"
    batch_size: int = Field(default=32, ge=1)
    learning_rate: float = Field(default=5e-4, gt=0)
    weight_decay: float = Field(default=0.02, ge=0)
    dropout: float = Field(default=0.2, ge=0, lt=1)
    mixup: float = Field(default=0.0, ge=0)
    saliency_penalty: float = Field(default=0.3, ge=0)
    mixed_precision: bool = False
    averaging: float = Field(default=0.0, ge=0, lt=1)
    architecture: str = "mobilenet_v2"
    width: int = Field(default=24, ge=4)
    starting_weights: str | None = None
    head_start: float = Field(default=0.0, ge=0)
    coverage: float = Field(default=0.95, gt=0, lt=1)
    preprocessing: Preprocessing = Preprocessing(
        input_size_px=161, region="lung_field", sampled_px=224
    )
    augmentation: Augmentation = Augmentation()

    @model_validator(mode="after")
    def _keeps_the_mean(self) -> Self:
        if self.averaging and self.kept_epoch == "best":
            raise ValueError("the mean of the weights is that of all epochs: set kept_epoch=last")
        return self

    @model_validator(mode="before")
    @classmethod
    def _with_current_names(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        return {current_name(name): value for name, value in values.items()}

    @field_validator("architecture", mode="before")
    @classmethod
    def _known_architecture(cls, value: Any) -> Any:
        name = _current("architecture", value, _RENAMED_ARCHITECTURES)
        known = classifier_names()
        if name not in known:
            raise ValueError(f"there is no architecture {name!r}, only {', '.join(known)}")
        return name
