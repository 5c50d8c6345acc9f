"""The first look at a picture: its anatomy, and whether it is one that the models can read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from hilum.imaging import Radiograph
from hilum.models.anatomy import Anatomy, AnatomyReader
from hilum.models.suitability import Suitability, judge


@dataclass(frozen=True, slots=True, eq=False)
class Screening:
    """A radiograph that was looked at.

    Attributes
    ----------
    radiograph : Radiograph
        As it is to be read: bone white, whatever the file showed.
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

    def screen(self, radiograph: Radiograph) -> Screening:
        """Look at one radiograph."""
        return self.screen_many([radiograph])[0]

    def screen_many(self, radiographs: Sequence[Radiograph]) -> list[Screening]:
        """Look at several radiographs, twice at those that seem turned or inverted.

        Parameters
        ----------
        radiographs : sequence of Radiograph

        Returns
        -------
        list of Screening
            In the same order.
        """
        found = self.anatomy_reader.read_many(radiographs)
        return [
            self._second_look(radiograph, anatomy)
            for radiograph, anatomy in zip(radiographs, found, strict=True)
        ]

    def _second_look(self, radiograph: Radiograph, anatomy: Anatomy) -> Screening:
        if anatomy.quarter_turns:
            turns = self._turns_back(radiograph, anatomy.quarter_turns)
            return Screening(radiograph, anatomy, judge(radiograph, anatomy, quarter_turns=turns))
        if anatomy.is_inverted:
            return self._inverted(radiograph, anatomy)
        return Screening(radiograph, anatomy, judge(radiograph, anatomy))

    def _turns_back(self, radiograph: Radiograph, told: int) -> int:
        """How often a picture is turned, by what shows a chest when turned back; 0: nothing does.

        The network calls photographs turned, too, and now and then takes one side for the other.
        """
        for turns in sorted({1, 2, 3}, key=lambda each: each != told):
            sides = (radiograph.rows, radiograph.columns)
            rows, columns = sides[::-1] if turns % 2 else sides
            pixels = np.ascontiguousarray(np.rot90(radiograph.pixels, -turns))
            upright = replace(radiograph, pixels=pixels, rows=rows, columns=columns)
            if self.anatomy_reader.read(upright).out_of_distribution.is_known:
                return turns
        return 0

    def _inverted(self, radiograph: Radiograph, anatomy: Anatomy) -> Screening:
        turned = replace(radiograph, pixels=np.float32(1) - radiograph.pixels)
        again = self.anatomy_reader.read(turned)
        # Where the network is mistaken, inverting shows no chest: then nothing is changed.
        if again.is_inverted or not again.out_of_distribution.is_known:
            return Screening(radiograph, anatomy, judge(radiograph, anatomy))
        return Screening(turned, again, judge(turned, again, was_inverted=True))
