"""Comparison of an installation's readings of phantoms with the models' cards."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from hilum.errors import VerificationError
from hilum.imaging import decode
from hilum.models.anatomy import AnatomyReader
from hilum.models.phantoms import COLUMNS, PHANTOMS, ROWS, Phantom
from hilum.models.pipeline import read_file
from hilum.models.reader import Reader
from hilum.models.reading_models import ReadingModels
from hilum.models.screening import Screener
from hilum.models.verification import Expected, Verification, VerifiedPhantom

# The runtimes differ by under 1e-6 on these phantoms; bfloat16 in place of float32 by over 0.001.
_PROBABILITY = 0.001
_TILT_DEGREES = 0.01
# One cell of the grid of outlines, at one end of a line: of the picture's side, and of a ratio.
_CELL, _CELL_OF_RATIO = 1.01, 2.0
_TOLERANCES = {
    "quarter_turns": 0.0,
    "is_inverted": 0.0,
    "tilt_degrees": _TILT_DEGREES,
}
"""Of the anatomy; of landmarks it is a cell."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One quantity of one phantom.

    Attributes
    ----------
    found : float or None
        None where it was not found.
    """

    phantom: str
    quantity: str
    expected: Expected
    found: float | None

    @property
    def difference(self) -> float | None:
        """Found minus expected."""
        return None if self.found is None else self.found - self.expected.value

    @property
    def is_met(self) -> bool:
        """The difference is within the tolerance."""
        difference = self.difference
        # Not a number is not within.
        return difference is not None and abs(difference) <= self.expected.tolerance


def read_quantities(
    content: bytes, reader: Reader | AnatomyReader, screener: Screener | None
) -> dict[str, float]:
    """Read a phantom: a classifier's probabilities, or what an anatomy model measures.

    Parameters
    ----------
    content : bytes
    screener : Screener or None
        Finds the lung field for a classifier that reads it.
    """
    if isinstance(reader, AnatomyReader):
        return _anatomy_quantities(content, reader)
    result = read_file(content, ReadingModels.of(reader, screener), is_forced=True)
    return {each.finding.value: each.probability for each in result.reading.findings}


def _anatomy_quantities(content: bytes, reader: AnatomyReader) -> dict[str, float]:
    radiograph = decode(content, smallest_side_px=reader.smallest_side_px)
    first = reader.read(radiograph)
    anatomy = Screener(reader).screen(radiograph).anatomy
    found = {
        "quarter_turns": float(first.quarter_turns),
        "is_inverted": float(first.is_inverted),
        "frontal_chest": anatomy.picture.probability,
    }
    if anatomy.measures is not None:
        ratio = anatomy.measures.ratio
        found["cardiothoracic_ratio"] = ratio.value
        found["tilt_degrees"] = anatomy.measures.tilt_degrees
        for organ, line in (("heart", ratio.heart), ("thorax", ratio.thorax)):
            found[f"{organ}_from_px"], found[f"{organ}_to_px"] = line[0][0], line[1][0]
        if ratio.heart_mm is not None and ratio.thorax_mm is not None:
            found["heart_mm"], found["thorax_mm"] = ratio.heart_mm, ratio.thorax_mm
    return found


def verification_of(reader: Reader | AnatomyReader, screener: Screener | None) -> Verification:
    """Read all phantoms, for the card of a model that is known to be right.

    Parameters
    ----------
    screener : Screener or None
        See `read_quantities`.
    """
    return Verification(
        anatomy_sha256=_anatomy_sha256(reader, screener),
        phantoms=tuple(_verified(each, reader, screener) for each in PHANTOMS),
    )


def _verified(
    phantom: Phantom, reader: Reader | AnatomyReader, screener: Screener | None
) -> VerifiedPhantom:
    found = read_quantities(phantom.content, reader, screener)
    return VerifiedPhantom(
        name=phantom.name,
        sha256=hashlib.sha256(phantom.content).hexdigest(),
        rows=ROWS,
        columns=COLUMNS,
        seed=phantom.seed,
        opacity=phantom.opacity,
        display=phantom.display,
        quantities={
            name: Expected(value=round(value, 6), tolerance=_tolerance(name, reader))
            for name, value in found.items()
        },
    )


def _tolerance(quantity: str, reader: Reader | AnatomyReader) -> float:
    if isinstance(reader, Reader) or quantity == "frontal_chest":
        return _PROBABILITY
    # Outlines lie on a grid of the network's input.
    side = reader.card.preprocessing.input_size_px
    if quantity == "cardiothoracic_ratio":
        return round(_CELL_OF_RATIO / side, 3)
    cell = _CELL * max(ROWS, COLUMNS) / side
    if quantity.endswith("_mm"):
        # The film of 320 columns is 430 mm wide.
        return round(cell * 430 / COLUMNS, 3)
    return _TOLERANCES.get(quantity, round(cell, 3))


def _anatomy_sha256(reader: Reader | AnatomyReader, screener: Screener | None) -> str | None:
    needs_field = isinstance(reader, Reader) and reader.reads_lung_field
    return screener.anatomy_reader.bundle.sha256 if needs_field and screener else None


def compare(
    reader: Reader | AnatomyReader,
    screener: Screener | None,
    read: Callable[[bytes], Mapping[str, float]] | None = None,
) -> list[Comparison]:
    """Read the phantoms that a card names, and compare.

    Parameters
    ----------
    screener : Screener or None
        See `read_quantities`.
    read : callable, optional
        What reads a file in place of the reader, such as a service elsewhere.

    Returns
    -------
    list of Comparison
        Empty where the card has no expected values.

    Raises
    ------
    VerificationError
        The expected values are of another anatomy model or other phantoms.
    """
    stated = reader.card.verification
    if stated is None:
        return []
    read = read or partial(read_quantities, reader=reader, screener=screener)
    if stated.anatomy_sha256 != _anatomy_sha256(reader, screener):
        raise VerificationError(
            "The expected values in its card were found with another anatomy model. Where both "
            "models are right, renew them: hilum check --into-card."
        )
    compared = []
    for phantom in stated.phantoms:
        found = read(_content(phantom))
        compared += [
            Comparison(phantom.name, name, expected, found.get(name))
            for name, expected in phantom.quantities.items()
        ]
    return compared


def _content(stated: VerifiedPhantom) -> bytes:
    known = {each.name: each for each in PHANTOMS}
    content = known[stated.name].content if stated.name in known else b""
    if hashlib.sha256(content).hexdigest() != stated.sha256:
        raise VerificationError(
            f"The phantom {stated.name!r} that its card names is not the one that this version of "
            "Hilum has. Where the models are right, renew the values: hilum check --into-card."
        )
    return content
