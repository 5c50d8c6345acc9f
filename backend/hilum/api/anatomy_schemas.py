"""Schemas of anatomy. Points are (x, y) in pixels of the displayed radiograph."""

import base64
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from hilum.imaging import Radiograph
from hilum.models.anatomy import Anatomy, AnatomyCard, AnatomyReader, Organ
from hilum.models.anatomy.masks import outline
from hilum.models.anatomy.picture import Picture, PictureKind
from hilum.models.anatomy.quality import QualityCode, QualityNote
from hilum.models.anatomy.ratio import HeartSize, RatioCaveat, ratio_validity
from hilum.reporting.ratio_words import ratio_caveats, size_words
from hilum.words.catalogue import Catalogue

Point = tuple[float, float]


class RatioLines(BaseModel):
    """End points of both diameters, each from the left of the image to its right."""

    heart: tuple[Point, Point]
    thorax: tuple[Point, Point]


class RatioAnswer(BaseModel):
    """Cardiothoracic ratio: width of the heart divided by the inner width of the chest."""

    value: float | None = Field(examples=[0.47])
    valid: bool = Field(
        description="True if the image is an upright PA radiograph of an adult, as far as is known."
    )
    reason: str | None = Field(
        description="Why the ratio is not valid, or what is not known about the image. Null if "
        "neither applies."
    )
    caveats: list[RatioCaveat] = Field(description="Codes of the reasons why it is not valid.")
    size: HeartSize | None = Field(
        description="Heart size by the limit for adults, or null unless the ratio is valid and the "
        "image is known to be a PA radiograph of an adult."
    )
    size_words: str | None
    mean_absolute_error: float = Field(
        description="Mean absolute error of the ratio on the test radiographs, from the card of "
        "the anatomy model.",
        examples=[0.015],
    )
    heart_mm: float | None
    thorax_mm: float | None
    lines: RatioLines | None


class OrganAnswer(BaseModel):
    """Outline of one organ; areas are null and polygons empty if it is not credible."""

    area: float | None = Field(description="Area in pixels of the displayed radiograph, or null.")
    area_mm2: float | None
    polygons: list[list[Point]]
    mask_png: str | None = Field(
        default=None,
        description="Mask of the size of the radiograph as a base64-encoded PNG, or null without "
        "`masks=png`.",
    )


class QualityAnswer(BaseModel):
    """A note on image quality or on the outlines, for the person who reads the image."""

    code: QualityCode
    words: str

    @classmethod
    def of(cls, note: QualityNote, words: Catalogue) -> Self:
        """Describe a note in the catalogue's language."""
        return cls(code=note.code, words=note.words(words))


class LungFieldAnswer(BaseModel):
    """Box around lungs and heart that models read, in pixels."""

    left: float
    top: float
    right: float
    bottom: float


class PictureAnswer(BaseModel):
    """Kind of image, age group and view, as estimated by the anatomy network."""

    kind: PictureKind = Field(description="Most probable kind of image.")
    frontal_chest_probability: float = Field(
        description="Probability that the image is a frontal chest radiograph, or a phantom of one."
    )
    adult_probability: float | None = Field(
        description="Calibrated probability that the patient is an adult and not a child, or null "
        "if the image is not a chest radiograph of a patient."
    )
    ap_probability: float | None = Field(
        description="Calibrated probability that the view is AP and not PA, or null if the image "
        "is not a chest radiograph of a patient."
    )

    @classmethod
    def of(cls, picture: Picture) -> Self:
        """Describe what an image shows."""
        is_film = picture.kind is PictureKind.FRONTAL_CHEST
        return cls(
            kind=picture.kind,
            frontal_chest_probability=round(picture.probability, 4),
            adult_probability=round(picture.adult_probability, 4) if is_film else None,
            ap_probability=round(picture.ap_probability, 4) if is_film else None,
        )


class AnatomyModelAnswer(BaseModel):
    """Anatomy model that made the measurements."""

    name: str
    version: str
    sha256: str


class AnatomyAnswer(BaseModel):
    """Lungs, heart and their measurements. Right and left are the patient's."""

    cardiothoracic_ratio: RatioAnswer
    right_lung: OrganAnswer = Field(
        description="The patient's right lung, not outlined if the sides are not certain "
        "(`image.sides`)."
    )
    left_lung: OrganAnswer = Field(
        description="The patient's left lung, not outlined if the sides are not certain "
        "(`image.sides`)."
    )
    heart: OrganAnswer
    picture_left_lung: OrganAnswer | None = Field(
        default=None,
        description="Lung on the left of the displayed image, or null if the sides are certain.",
    )
    picture_right_lung: OrganAnswer | None = Field(
        default=None,
        description="Lung on the right of the displayed image, or null if the sides are certain.",
    )
    lung_asymmetry: float | None = Field(
        description="(right - left) / (right + left) of the areas of the lungs, or null if the "
        "sides are not certain."
    )
    tilt_degrees: float | None
    quarter_turns: int = Field(
        description="Number of quarter turns, counter-clockwise, by which the image is rotated "
        "from upright: 0 to 3."
    )
    lung_field: LungFieldAnswer | None
    picture: PictureAnswer
    quality: list[QualityAnswer]
    model: AnatomyModelAnswer
    milliseconds: float

    @classmethod
    def of(
        cls,
        anatomy: Anatomy,
        radiograph: Radiograph,
        reader: AnatomyReader,
        words: Catalogue,
        *,
        with_masks: bool,
    ) -> Self:
        """Describe the anatomy of a radiograph."""
        is_certain = radiograph.are_sides_certain
        organs = {
            organ.value: _organ_answer(anatomy, organ, radiograph, with_masks=with_masks)
            for organ in Organ
        }
        if not is_certain:
            for name, organ in _ON_PICTURE.items():
                organs[name], organs[organ.value] = organs[organ.value], _NOT_OUTLINED
        measures, field = anatomy.measures, anatomy.lung_field
        return cls(
            cardiothoracic_ratio=_ratio_answer(anatomy, radiograph, reader.card, words),
            **organs,
            lung_asymmetry=round(measures.asymmetry, 4) if measures and is_certain else None,
            tilt_degrees=round(measures.tilt_degrees, 1) if measures else None,
            quarter_turns=anatomy.quarter_turns,
            lung_field=None
            if field is None
            else LungFieldAnswer(
                left=round(field.left, 1),
                top=round(field.top, 1),
                right=round(field.right, 1),
                bottom=round(field.bottom, 1),
            ),
            picture=PictureAnswer.of(anatomy.picture),
            quality=[QualityAnswer.of(note, words) for note in anatomy.notes],
            model=AnatomyModelAnswer(
                name=reader.card.name, version=reader.card.version, sha256=reader.bundle.sha256
            ),
            milliseconds=round(anatomy.milliseconds, 3),
        )


_ON_PICTURE = {"picture_left_lung": Organ.RIGHT_LUNG, "picture_right_lung": Organ.LEFT_LUNG}
"""Organs by their place in the displayed image, for uncertain sides."""

_NOT_OUTLINED = OrganAnswer(area=None, area_mm2=None, polygons=[])


def _ratio_answer(
    anatomy: Anatomy, radiograph: Radiograph, card: AnatomyCard, words: Catalogue
) -> RatioAnswer:
    error = round(card.metrics["test"].cardiothoracic_ratio.mae.value, 4)
    if anatomy.measures is None:
        return RatioAnswer(
            value=None,
            valid=False,
            reason=" ".join(note.words(words) for note in anatomy.notes),
            caveats=[],
            size=None,
            size_words=None,
            mean_absolute_error=error,
            heart_mm=None,
            thorax_mm=None,
            lines=None,
        )
    ratio = anatomy.measures.ratio
    validity = ratio_validity(radiograph, anatomy)
    size = validity.size(ratio.value, error)
    return RatioAnswer(
        value=round(ratio.value, 4),
        valid=validity.is_valid,
        reason=" ".join(ratio_caveats(validity, words)) or None,
        caveats=list(validity.caveats),
        size=size,
        size_words=None if size is None else size_words(size, error, words),
        mean_absolute_error=error,
        heart_mm=_rounded(ratio.heart_mm),
        thorax_mm=_rounded(ratio.thorax_mm),
        lines=RatioLines(heart=ratio.heart, thorax=ratio.thorax),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _organ_answer(
    anatomy: Anatomy, organ: Organ, radiograph: Radiograph, *, with_masks: bool
) -> OrganAnswer:
    if anatomy.measures is None:
        return _NOT_OUTLINED
    organs = anatomy.organs
    mask = organs.masks[organ]
    area = float(mask.sum() * np.prod(organs.grid.scale))
    spacing = radiograph.spacing_mm
    return OrganAnswer(
        area=round(area, 1),
        area_mm2=round(area * spacing[0] * spacing[1], 1) if spacing else None,
        polygons=outline(mask, organs.grid),
        mask_png=_png(mask, radiograph) if with_masks else None,
    )


def _png(mask: NDArray[np.bool_], radiograph: Radiograph) -> str:
    """Mask at the radiograph's size, 255 inside, as base64."""
    size = (radiograph.columns, radiograph.rows)
    full = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_LINEAR) > 0.5
    _, encoded = cv2.imencode(".png", full.astype(np.uint8) * 255)
    return base64.b64encode(encoded.tobytes()).decode("ascii")
