"""Anatomy reader: outlines of lungs and heart, measurements, lung field."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from hilum.imaging import Radiograph, preprocess
from hilum.imaging.preprocess import decoded_side_px, resample
from hilum.models.anatomy.card import AnatomyCard
from hilum.models.anatomy.lung_field import LungField, find_lung_field
from hilum.models.anatomy.masks import (
    CHILDS_LUNG_EDGE,
    MASK_STRIDE,
    Organ,
    OrganMasks,
    clean_masks,
)
from hilum.models.anatomy.measures import Measures, heart_offset, measure
from hilum.models.anatomy.picture import Picture, PictureKind, picture_of
from hilum.models.anatomy.quality import (
    QualityCode,
    QualityNote,
    bounds_lungs,
    credibility,
    frame_notes,
    mirror_notes,
)
from hilum.models.bundle import Bundle
from hilum.models.runtime import Outputs, RuntimeName, load_runtime
from hilum.populations import Population


@dataclass(frozen=True, slots=True, eq=False)
class Anatomy:
    """The anatomy of one radiograph.

    Attributes
    ----------
    measures : Measures or None
        None where the masks are not credible.
    lung_field : LungField or None
        None where there are no lungs to make out. An outline too unsure to be measured still
        tells where they are.
    picture : Picture
        What the picture shows.
    quarter_turns : int
        How often the picture is turned counter-clockwise from upright, 0 to 3, as the network
        sees it.
    is_inverted : bool
        Bone is dark in the picture, as the network sees it.
    notes : tuple of QualityNote
        What a reader of the film should know; what could not be measured, and why.
    """

    organs: OrganMasks
    measures: Measures | None
    lung_field: LungField | None
    picture: Picture
    quarter_turns: int
    is_inverted: bool
    notes: tuple[QualityNote, ...]
    milliseconds: float


def anatomy_outputs(card: AnatomyCard) -> dict[str, tuple[int, ...]]:
    """Shapes of the outputs that an anatomy network must have, for one picture."""
    side = card.preprocessing.input_size_px // MASK_STRIDE
    return {
        "masks": (side, side, len(Organ)),
        "kind": (len(PictureKind),),
        "orientation": (4,),
        "inversion": (1,),
        "adult": (1,),
        "ap": (1,),
    }


class AnatomyReader:
    """Measures radiographs with one anatomy bundle; safe to share between threads.

    Raises
    ------
    BundleError
        The runtime cannot load the bundle.
    """

    def __init__(
        self, bundle: Bundle[AnatomyCard], runtime: RuntimeName = RuntimeName.OPENVINO
    ) -> None:
        self.bundle = bundle
        self._runtime = load_runtime(bundle, runtime, anatomy_outputs(bundle.card))

    @property
    def card(self) -> AnatomyCard:
        """The bundle's card."""
        return self.bundle.card

    @property
    def smallest_side_px(self) -> int:
        """What `hilum.imaging.decode` needs to keep; see there."""
        return decoded_side_px(self.card.preprocessing)

    def sampled(self, radiograph: Radiograph) -> Radiograph:
        """The radiograph in as many pixels as the network sees; it is read alike."""
        side = self.card.preprocessing.input_size_px
        return replace(radiograph, pixels=resample(radiograph.pixels, side))

    def read(self, radiograph: Radiograph) -> Anatomy:
        """Measure one radiograph."""
        return self.read_many([radiograph])[0]

    def read_many(self, radiographs: Sequence[Radiograph]) -> list[Anatomy]:
        """Measure several radiographs in one pass of the network."""
        if not radiographs:
            return []
        started = time.perf_counter()
        how = self.card.preprocessing
        batch = np.stack([preprocess(radiograph, how) for radiograph in radiographs])
        found = self._runtime.infer(batch)
        passed_ms = 1000 * (time.perf_counter() - started) / len(radiographs)
        return [
            self._anatomy(
                radiograph, {name: values[index] for name, values in found.items()}, passed_ms
            )
            for index, radiograph in enumerate(radiographs)
        ]

    def _anatomy(self, radiograph: Radiograph, found: Outputs, passed_ms: float) -> Anatomy:
        started = time.perf_counter()
        size = {"rows": radiograph.rows, "columns": radiograph.columns}
        organs = clean_masks(found["masks"], **size)
        turns = int(found["orientation"].argmax())
        is_inverted = bool(found["inversion"][0] > 0)
        doubts = credibility(organs)
        notes = _display_notes(turns, is_inverted=is_inverted) if not doubts or turns else []
        picture = picture_of(
            found["kind"],
            float(found["adult"][0]),
            float(found["ap"][0]),
            gate=self.card.gate,
            adult=self.card.adult,
            ap=self.card.ap,
        )
        measures = field = None
        if not turns and (not doubts or (picture.is_known and bounds_lungs(organs, doubts))):
            field = find_lung_field(organs)
            if doubts:
                # Too unsure to be measured, the outlines still tell on which side the heart lies.
                notes += mirror_notes(heart_offset(organs))
        if not doubts and not turns:
            if picture.population is Population.CHILDREN:
                # The field stays: models were trained in it.
                organs = clean_masks(found["masks"], **size, lung_edge=CHILDS_LUNG_EDGE)
            measures = measure(organs, radiograph.spacing_mm)
            notes += frame_notes(
                organs,
                asymmetry=measures.asymmetry,
                tilt_degrees=measures.tilt_degrees,
                heart_offset=measures.heart_offset,
            )
        return Anatomy(
            organs=organs,
            measures=measures,
            lung_field=field,
            picture=picture,
            quarter_turns=turns,
            is_inverted=is_inverted,
            notes=(*doubts, *notes),
            milliseconds=passed_ms + 1000 * (time.perf_counter() - started),
        )


def _display_notes(turns: int, *, is_inverted: bool) -> list[QualityNote]:
    notes = []
    if turns:
        notes.append(QualityNote(QualityCode.ROTATED, "upside_down" if turns == 2 else ""))
    if is_inverted:
        notes.append(QualityNote(QualityCode.INVERTED))
    return notes
