"""Configuration of a training run of the findings model."""

from typing import Self

from pydantic import Field, model_validator

from hilum.datasets.public.nih_chestxray14 import FINDINGS
from hilum.findings import Finding
from hilum.imaging import Preprocessing
from hilum.models.task import LabelPolicy
from hilum.training.classifier.objective import LossName
from hilum.training.config import Augmentation, TrainingConfig


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
        0.75 counts three radiologists and the report that the label was mined from.
    distilled : float
        Weight of the predictions of an ensemble in the targets, in [0, 1); 0, or no starting
        weights: none. See `hilum.training.findings.teacher`.
    teacher_sides : tuple of int
        Sides of the ensemble's inputs, in pixels.
    folds : int
        Parts of the patients. The network of the bundle is not trained on the first one; the other
        folds' networks make the predictions that decisions are chosen on.
    """

    findings: tuple[Finding, ...] = (*FINDINGS, Finding.ABNORMAL)
    loss: LossName = "weighted_cross_entropy"
    labels: LabelPolicy = LabelPolicy()
    rereads: float = Field(default=0.0, ge=0, le=1)
    distilled: float = Field(default=0.0, ge=0, lt=1)
    teacher_sides: tuple[int, ...] = (225, 321, 449)
    folds: int = Field(default=5, ge=3)
    epochs: int = Field(default=8, ge=1)
    learning_rate: float = Field(default=1e-4, gt=0)
    head_start: float = Field(default=0.896, ge=0)
    weight_decay: float = Field(default=0.05, ge=0)
    dropout: float = Field(default=0.3, ge=0, lt=1)
    architecture: str = "mobilenet_v2_full"
    saliency_penalty: float = Field(default=0.1, ge=0)
    changed_copies: int = Field(default=0, ge=0)
    coverage: float = Field(default=0.9, gt=0, lt=1)
    preprocessing: Preprocessing = Preprocessing(
        input_size_px=225, region="lung_field", sampled_px=320
    )
    augmentation: Augmentation = Augmentation(
        rotation_degrees=8, shift=0.06, zoom=0.12, stretch=0.12, gamma=1.6, blur_px=1.2,
        noise=0.04, sharpening=1.5, local_contrast=3.0, border=0.06, patch=0.15,
        surroundings=0.1, saturation=0.15, coarsest_jpeg=30,
    )  # fmt: skip

    @model_validator(mode="after")
    def _has_a_teacher(self) -> Self:
        if self.distilled and not self.head_start:
            raise ValueError("distilled goes with head_start: it is the strength of the probes")
        return self
