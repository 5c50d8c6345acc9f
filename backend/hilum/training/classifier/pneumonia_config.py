"""Configuration of a training run of the pneumonia model."""

from pydantic import Field

from hilum.training.config import Augmentation, TrainingConfig


class PneumoniaConfig(TrainingConfig):
    """Configuration of a training run; stored in the card.

    Attributes
    ----------
    label_smoothing : float
        Share of each target that is spread over all classes.
    validation_share, test_share : float
        Shares of the patients kept out of training.
    changed_copies : int
        Number of changed copies of each validation film, used in addition for calibration and for
        the operating point; see `hilum.training.classifier.pneumonia.changed_split`.
    coverage_elsewhere : float
        As `coverage`, on each acquisition of ``hilum train pneumonia --acquisitions``. Where
        acquisitions differ much, sets that cover the last few per cent of one are uncertain about
        many films of all.
    """

    label_smoothing: float = Field(default=0.05, ge=0, lt=1)
    validation_share: float = Field(default=0.12, gt=0, lt=0.5)
    test_share: float = Field(default=0.12, gt=0, lt=0.5)
    changed_copies: int = Field(default=3, ge=0)
    coverage_elsewhere: float = Field(default=0.92, gt=0, lt=1)
    augmentation: Augmentation = Augmentation(
        rotation_degrees=12, shift=0.08, zoom=0.15, stretch=0.2, gamma=2.2, blur_px=2.0,
        noise=0.06, sharpening=2.5, local_contrast=4.0, border=0.1, patch=0.2,
        surroundings=0.3, chestless=0.1, saturation=0.3, coarsest_jpeg=10,
    )  # fmt: skip
