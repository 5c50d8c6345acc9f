"""The anatomy reader: where lungs and heart are, what they measure, and the lung field."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hilum.imaging import Radiograph, View, preprocess
from hilum.imaging.phantom import draw_phantom
from hilum.imaging.preprocess import decoded_side_px
from hilum.models.anatomy.card import AnatomyCard
from hilum.models.anatomy.lung_field import LungField, find_lung_field
from hilum.models.anatomy.masks import Organ, OrganMasks, clean_masks
from hilum.models.anatomy.measures import Measures, measure
from hilum.models.anatomy.quality import QualityCode, QualityNote, credibility, frame_notes
from hilum.models.bundle import Bundle
from hilum.models.runtime import RuntimeName, load_runtime


@dataclass(frozen=True, slots=True, eq=False)
class Anatomy:
    """The anatomy of one radiograph.

    Attributes
    ----------
    organs : OrganMasks
    measures : Measures or None
        None where the masks are not credible.
    lung_field : LungField or None
        None where there are no credible lungs.
    quarter_turns : int
        How often the picture is turned counter-clockwise from upright, 0 to 3, as the network
        sees it.
    notes : tuple of QualityNote
        What a reader of the film should know; what could not be measured, and why.
    milliseconds : float
    """

    organs: OrganMasks
    measures: Measures | None
    lung_field: LungField | None
    quarter_turns: int
    notes: tuple[QualityNote, ...]
    milliseconds: float


def anatomy_outputs(side: int) -> dict[str, tuple[int, ...]]:
    """Shapes of the outputs that an anatomy network must have, for one picture."""
    return {"masks": (side, side, len(Organ)), "orientation": (4,), "inversion": (1,)}


class AnatomyReader:
    """Measures radiographs with one anatomy bundle; safe to share between threads.

    Parameters
    ----------
    bundle : Bundle of AnatomyCard
    runtime : RuntimeName

    Raises
    ------
    BundleError
        The runtime cannot load the bundle.
    """

    def __init__(
        self, bundle: Bundle[AnatomyCard], runtime: RuntimeName = RuntimeName.OPENVINO
    ) -> None:
        self.bundle = bundle
        side = bundle.card.preprocessing.input_size_px
        self._runtime = load_runtime(bundle, runtime, anatomy_outputs(side))

    @property
    def card(self) -> AnatomyCard:
        """The bundle's card."""
        return self.bundle.card

    @property
    def smallest_side_px(self) -> int:
        """What `hilum.imaging.decode` needs to keep; see there."""
        return decoded_side_px(self.card.preprocessing)

    def warm(self) -> None:
        """Read a drawn phantom, so that the first real one finds all memory in place."""
        side = self.card.preprocessing.input_size_px
        self._runtime.infer(draw_phantom(side, side)[np.newaxis, :, :, np.newaxis])

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
            _anatomy(radiograph, masks, turns, inverted, passed_ms)
            for radiograph, masks, turns, inverted in zip(
                radiographs, found["masks"], found["orientation"], found["inversion"], strict=True
            )
        ]


def _anatomy(
    radiograph: Radiograph,
    logits: NDArray[np.float32],
    orientation: NDArray[np.float32],
    inversion: NDArray[np.float32],
    passed_ms: float,
) -> Anatomy:
    started = time.perf_counter()
    organs = clean_masks(logits, rows=radiograph.rows, columns=radiograph.columns)
    turns = int(orientation.argmax())
    doubts = credibility(organs)
    notes = _display_notes(turns, is_inverted=bool(inversion[0] > 0)) if not doubts or turns else []
    measures = field = None
    if not doubts and not turns:
        measures = measure(organs, radiograph.spacing_mm)
        field = find_lung_field(organs)
        notes += frame_notes(
            organs, tilt_degrees=measures.tilt_degrees, heart_offset=measures.heart_offset
        )
    return Anatomy(
        organs=organs,
        measures=measures,
        lung_field=field,
        quarter_turns=turns,
        notes=(*doubts, *notes),
        milliseconds=passed_ms + 1000 * (time.perf_counter() - started),
    )


def _display_notes(turns: int, *, is_inverted: bool) -> list[QualityNote]:
    notes = []
    if turns:
        words = {1: "lies on its side", 2: "is upside down", 3: "lies on its side"}[turns]
        notes.append(
            QualityNote(
                QualityCode.ROTATED, f"The picture {words}: turn it upright. Nothing was measured."
            )
        )
    if is_inverted:
        words = "The picture seems to be inverted: bone is dark in it."
        notes.append(QualityNote(QualityCode.INVERTED, words))
    return notes


def ratio_caveats(radiograph: Radiograph, notes: Sequence[QualityNote]) -> list[str]:
    """Say why a measured ratio is not to be used as it stands; empty where nothing speaks against.

    The ratio is defined on upright PA films of adults: AP films magnify the heart, and
    children's hearts are wider.
    """
    caveats = []
    if radiograph.view is View.AP:
        caveats.append("An AP film magnifies the heart.")
    if radiograph.view is View.LATERAL:
        caveats.append("The header calls this a lateral film.")
    if radiograph.patient_age_years is not None and radiograph.patient_age_years < _ADULT_YEARS:
        caveats.append("A child's heart is wider against the chest.")
    spoilt = {QualityCode.SIDE_CUT, QualityCode.TILTED, QualityCode.INVERTED}
    caveats += [note.words for note in notes if note.code in spoilt]
    return caveats


_ADULT_YEARS = 18
