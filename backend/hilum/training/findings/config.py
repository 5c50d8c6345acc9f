"""Configuration of a training run of the findings model."""

from typing import Literal, Self

from pydantic import Field, model_validator

from hilum.datasets.public.nih_chestxray14 import FINDINGS
from hilum.findings import Finding
from hilum.imaging import Preprocessing
from hilum.models.task import LabelPolicy
from hilum.training.classifier.objective import LossName
from hilum.training.config import Augmentation, TrainingConfig

MOST_TAUGHT = 20_000
"""Images that an ensemble is fitted to, at most: more teach a network by themselves, and their
features do not fit into memory."""


class FindingsConfig(TrainingConfig):
    """Configuration of a training run; stored in the card.

    Attributes
    ----------
    findings : tuple of Finding
        Outputs of the network.
    loss : str
        See `hilum.training.classifier.objective.FindingsLoss`.
    labels : LabelPolicy
    rereads : float
        Weight of the radiologists' label in the target where they read an image again and their
        label means the same (`hilum.datasets.rereads`), in [0, 1]; the rest is the data set's own.
        The default counts three radiologists and the report that the label was mined from.
    distilled : float
        Weight of the predictions of an ensemble in the targets, in [0, 1); 0, or no starting
        weights: none. See `hilum.training.findings.teacher`.
    predicted_rereads : float
        Weight in the target, where radiologists did not read an image again, of what the ensemble
        predicts that they would say, in [0, 1]; no starting weights: none.
    teacher_sides_px : tuple of int
        Sides of the ensemble's inputs.
    folds : int
        Parts of the patients. The network of the bundle is not trained on the first one; the other
        folds' networks make the predictions that decisions are chosen on.
    """

    findings: tuple[Finding, ...] = (*FINDINGS, Finding.ABNORMAL)
    loss: LossName = "weighted_cross_entropy"
    labels: LabelPolicy = LabelPolicy()
    rereads: float = Field(default=0.75, ge=0, le=1)
    distilled: float = Field(default=0.5, ge=0, lt=1)
    predicted_rereads: float = Field(default=0.2, ge=0, le=1)
    teacher_sides_px: tuple[int, ...] = (225, 321, 449)
    folds: int = Field(default=5, ge=3)
    epochs: int = Field(default=12, ge=1)
    kept_epoch: Literal["last"] = "last"
    learning_rate: float = Field(default=1e-4, gt=0)
    head_start: float = Field(default=0.9, ge=0)
    weight_decay: float = Field(default=0.05, ge=0)
    dropout: float = Field(default=0.3, ge=0, lt=1)
    architecture: str = "mobilenet_v2_levels"
    saliency_penalty: float = Field(default=0.2, ge=0)
    coverage: float = Field(default=0.9, gt=0, lt=1)
    preprocessing: Preprocessing = Preprocessing(
        input_size_px=225, region="lung_field", sampled_px=320
    )
    augmentation: Augmentation = Augmentation(
        rotation_degrees=8, shift=0.06, zoom=0.12, stretch=0.12, gamma=1.6, blur_px=1.5,
        noise=0.08, sharpening=2.5, local_contrast=4.0, border=0.06, patch=0.15,
        surroundings=0.1, chestless=0.05, saturation=0.15, coarsest_jpeg=10,
    )  # fmt: skip

    @model_validator(mode="after")
    def _has_a_teacher(self) -> Self:
        if (self.distilled or self.predicted_rereads) and not self.head_start:
            raise ValueError(
                "the strength of the ensemble's probes is head_start: without it, set distilled=0 "
                "and predicted_rereads=0"
            )
        return self

    def suited_to(self, images: int) -> Self:
        """The same without the ensemble, if there are more images than it is for."""
        if images <= MOST_TAUGHT:
            return self
        return self.model_copy(update={"distilled": 0.0, "predicted_rereads": 0.0})
