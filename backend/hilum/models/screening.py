"""Screening of an image: its anatomy, and whether the models can read it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from hilum.imaging import Radiograph, View
from hilum.models.anatomy import Anatomy, AnatomyReader
from hilum.models.anatomy.quality import QualityCode
from hilum.models.sides import settle_sides, turned_upright, without_header_turn
from hilum.models.suitability import Suitability, judge


@dataclass(frozen=True, slots=True, eq=False)
class Screening:
    """A screened radiograph.

    Attributes
    ----------
    radiograph : Radiograph
        Radiograph as it will be read: with white bone, and with all doubts about its sides.
    """

    radiograph: Radiograph
    anatomy: Anatomy
    suitability: Suitability


class Screener:
    """Screens radiographs before they are read."""

    def __init__(self, anatomy_reader: AnatomyReader) -> None:
        self.anatomy_reader = anatomy_reader

    def screen(self, radiograph: Radiograph, *, may_turn: bool = False) -> Screening:
        """Screen one radiograph; see `screen_many`."""
        return self.screen_many([radiograph], may_turn=may_turn)[0]

    def screen_many(
        self, radiographs: Sequence[Radiograph], *, may_turn: bool = False
    ) -> list[Screening]:
        """Screen several radiographs, and twice those that look rotated or inverted.

        Parameters
        ----------
        may_turn : bool
            Rotate images that are on their side or upside down.

        Returns
        -------
        list of Screening
            In the same order.
        """
        found = self.anatomy_reader.read_many(radiographs)
        return [
            self._upright(radiograph, anatomy)
            if not anatomy.quarter_turns
            else self._turned(radiograph, anatomy, may_turn=may_turn)
            for radiograph, anatomy in zip(radiographs, found, strict=True)
        ]

    def _turned(self, radiograph: Radiograph, anatomy: Anatomy, *, may_turn: bool) -> Screening:
        """Screen a film that looks rotated, by a wrong header or in the file.

        Rotations are tried on the reduced image that the network reads; the full image is rotated
        only if one of them is confirmed.
        """
        small = self.anatomy_reader.sampled(radiograph)
        if radiograph.header is not None and radiograph.orientation.quarter_turns:
            again = self.anatomy_reader.read(without_header_turn(small))
            if again.picture.is_known and not again.quarter_turns:
                return self._upright(without_header_turn(radiograph), again)
        # An inverted and rotated film is not always recognised.
        for is_inverted in (True, False) if anatomy.is_inverted else (False,):
            shown = _inverted(small) if is_inverted else small
            way = self._way_up(shown, anatomy.quarter_turns)
            if way is None:
                continue
            turns, again = way
            film = _inverted(radiograph) if is_inverted else radiograph
            if may_turn and not again.quarter_turns:
                upright = turned_upright(film, turns)
                return self._upright(upright, again, was_inverted=is_inverted)
            found = self.anatomy_reader.read(shown) if is_inverted else anatomy
            return _screened(film, found, turns=turns, was_inverted=is_inverted)
        return _screened(radiograph, _without_turn(anatomy))

    def _way_up(self, shown: Radiograph, estimated: int) -> tuple[int, Anatomy] | None:
        """Quarter turns that make the film upright, or at least accepted, and what it shows then.

        The gate accepts many films that lie on their side, and the estimate may name the other
        side: the first turn that is accepted is not always the right one.
        """
        accepted = None
        for turns in _ways(estimated):
            again = self.anatomy_reader.read(turned_upright(shown, turns))
            if again.picture.is_known and not again.quarter_turns:
                return turns, again
            if again.picture.is_known and accepted is None:
                accepted = turns, again
        return accepted

    def _upright(
        self, radiograph: Radiograph, anatomy: Anatomy, *, was_inverted: bool = False
    ) -> Screening:
        if anatomy.is_inverted and not was_inverted:
            again = self.anatomy_reader.read(_inverted(self.anatomy_reader.sampled(radiograph)))
            # If the network is wrong, the inverted image shows no chest: nothing is changed.
            if not again.is_inverted and again.picture.is_known:
                return _screened(_inverted(radiograph), again, was_inverted=True)
        return _screened(radiograph, anatomy, was_inverted=was_inverted)


def _ways(estimated: int) -> list[int]:
    """Quarter turns to try, the estimated one first.

    The network also calls photographs rotated, and sometimes confuses the two directions.
    """
    return sorted({1, 2, 3}, key=lambda each: each != estimated)


def _screened(
    radiograph: Radiograph, anatomy: Anatomy, *, turns: int = 0, was_inverted: bool = False
) -> Screening:
    """Result for a radiograph that is `turns` quarter turns from upright."""
    radiograph = with_estimated_view(radiograph, anatomy)
    return Screening(
        settle_sides(radiograph, anatomy, quarter_turns=turns),
        anatomy,
        judge(radiograph, anatomy, was_inverted=was_inverted, quarter_turns=turns),
    )


def with_estimated_view(radiograph: Radiograph, anatomy: Anatomy) -> Radiograph:
    """The film with the view estimated from the image, if its file states none."""
    shown = anatomy.picture
    if radiograph.view is not View.UNKNOWN or not shown.is_known or shown.is_ap is None:
        return radiograph
    return replace(radiograph, estimated_view=View.AP if shown.is_ap else View.PA)


def _inverted(radiograph: Radiograph) -> Radiograph:
    return replace(radiograph, pixels=np.float32(1) - radiograph.pixels)


def _without_turn(anatomy: Anatomy) -> Anatomy:
    """Remove the rotation if no rotation shows a chest and other notes remain."""
    others = tuple(note for note in anatomy.notes if note.code is not QualityCode.ROTATED)
    return replace(anatomy, notes=others or anatomy.notes)
