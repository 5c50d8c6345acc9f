"""One frozen configuration, with its seed, decides a whole training run."""

from pydantic import BaseModel, ConfigDict, Field

from hilum.imaging import Preprocessing


class Augmentation(BaseModel):
    """How far a training picture may be changed, each time it is shown.

    The ranges are physical: how children are placed on the plate, how exposure and display
    curves differ between machines, what collimators and markers cover.

    Attributes
    ----------
    rotation_degrees, shift, zoom, stretch : float
        Largest rotation; largest shift and zoom as shares of the side; largest change of the
        aspect ratio.
    gamma : float
        Exponent of the grey curve is drawn from ``[1 / gamma, gamma]``.
    blur_px, noise : float
        Largest Gaussian blur; largest noise as a share of the grey range.
    border : float
        Largest share of a side that a black or white border covers.
    patch : float
        Largest side of one covered patch, as a share of the picture's side.
    flip : float
        Probability of a left-right flip.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rotation_degrees: float = 10.0
    shift: float = 0.06
    zoom: float = 0.12
    stretch: float = 0.10
    gamma: float = 1.7
    blur_px: float = 1.2
    noise: float = 0.04
    border: float = 0.08
    patch: float = 0.2
    flip: float = 0.5


class TrainingConfig(BaseModel):
    """Everything that decides a training run; stored whole in the card.

    Attributes
    ----------
    seed : int
        Of splits, initial weights, order and augmentation.
    epochs, patience : int
        At most so many epochs; stop after so many without a lower validation loss.
    batch_size : int
    learning_rate : float
        Its peak, reached after one epoch; then it falls as a half cosine to nothing.
    weight_decay, label_smoothing, dropout : float
    width : int
        Channels of the network's first stage.
    validation_share, test_share : float
        Shares of the patients kept out of training.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = 20
    epochs: int = Field(default=24, ge=1)
    patience: int = Field(default=8, ge=1)
    batch_size: int = Field(default=32, ge=1)
    learning_rate: float = Field(default=2e-3, gt=0)
    weight_decay: float = Field(default=0.02, ge=0)
    label_smoothing: float = Field(default=0.05, ge=0, lt=1)
    dropout: float = Field(default=0.2, ge=0, lt=1)
    width: int = Field(default=24, ge=4)
    validation_share: float = Field(default=0.12, gt=0, lt=0.5)
    test_share: float = Field(default=0.12, gt=0, lt=0.5)
    preprocessing: Preprocessing = Preprocessing(input_size_px=224)
    augmentation: Augmentation = Augmentation()
