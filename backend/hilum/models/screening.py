"""The first look at a picture: its anatomy, and whether it is one that the models can read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hilum.imaging import Radiograph
from hilum.models.anatomy import Anatomy, AnatomyReader
from hilum.models.anatomy.quality import QualityCode
from hilum.models.sides import settle_sides, turned_upright, without_header_turn
from hilum.models.suitability import Suitability, judge


@dataclass(frozen=True, slots=True, eq=False)
class Screening:
    """A radiograph that was looked at.

    Attributes
    ----------
    radiograph : Radiograph
        As it is to be read: bone white, whatever the file showed, and with all that speaks
        against its sides.
    anatomy : Anatomy
    suitability : Suitability
    """

    radiograph: Radiograph
    anatomy: Anatomy
    suitability: Suitability


class Screener:
    """Looks at radiographs before they are read.

    Parameters
    ----------
    anatomy_reader : AnatomyReader
    """

    def __init__(self, anatomy_reader: AnatomyReader) -> None:
        self.anatomy_reader = anatomy_reader

    def screen(self, radiograph: Radiograph, *, may_turn: bool = False) -> Screening:
        """Look at one radiograph; see `screen_many`."""
        return self.screen_many([radiograph], may_turn=may_turn)[0]

    def screen_many(
        self, radiographs: Sequence[Radiograph], *, may_turn: bool = False
    ) -> list[Screening]:
        """Look at several radiographs, twice at those that seem turned or inverted.

        Parameters
        ----------
        radiographs : sequence of Radiograph
        may_turn : bool
            Turn upright what lies on its side or upside down.

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
        """What the network sees turned: by a wrong header, or in the file."""
        if radiograph.header is not None and radiograph.orientation.quarter_turns:
            as_stored = without_header_turn(radiograph)
            again = self.anatomy_reader.read(as_stored)
            if again.out_of_distribution.is_known and not again.quarter_turns:
                return self._upright(as_stored, again)
        turns = 0
        for upright in self._turned_back(radiograph, anatomy.quarter_turns):
            again = self.anatomy_reader.read(upright)
            if again.out_of_distribution.is_known:
                turns = upright.turned_degrees // 90
                if may_turn and not again.quarter_turns:
                    return self._upright(upright, again)
                break
        if not turns:
            anatomy = _without_turn(anatomy)
        suitability = judge(radiograph, anatomy, quarter_turns=turns)
        return Screening(
            settle_sides(radiograph, anatomy, quarter_turns=turns), anatomy, suitability
        )

    def _turned_back(self, radiograph: Radiograph, told: int) -> Iterator[Radiograph]:
        """The picture turned in each way, the one that the network tells first.

        The network calls photographs turned, too, and now and then takes one side for the other.
        """
        for turns in sorted({1, 2, 3}, key=lambda each: each != told):
            yield turned_upright(radiograph, turns)

    def _upright(self, radiograph: Radiograph, anatomy: Anatomy) -> Screening:
        if anatomy.is_inverted:
            turned = replace(radiograph, pixels=np.float32(1) - radiograph.pixels)
            again = self.anatomy_reader.read(turned)
            # Where the network is mistaken, inverting shows no chest: then nothing is changed.
            if not again.is_inverted and again.out_of_distribution.is_known:
                suitability = judge(turned, again, was_inverted=True)
                return Screening(settle_sides(turned, again), again, suitability)
        return Screening(settle_sides(radiograph, anatomy), anatomy, judge(radiograph, anatomy))


def _without_turn(anatomy: Anatomy) -> Anatomy:
    """Leave out that the picture is turned, where no turn shows a chest and other notes remain."""
    others = tuple(note for note in anatomy.notes if note.code is not QualityCode.ROTATED)
    return replace(anatomy, notes=others or anatomy.notes)
