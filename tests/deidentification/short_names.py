"""Names that are short or of other letters than English ones, in every number of a film."""

import itertools
from collections.abc import Callable

from pydicom import Dataset
from pydicom.datadict import DicomDictionary

from tests.deidentification.named_elements import attributes
from tests.deidentification.raw_films import base, put, written
from tests.imaging.dicom_files import IMPLICIT

_NAMES = ("SMITH", "O'Brien", "Li-Wong", "Grünwald", "Müßig^Jörg", "山田^太郎^一郎")
_ENCODINGS = ("utf-8", "latin-1", "utf-16-le", "utf-16-be", "iso2022_jp")
_SIZES = {"US": 2, "SS": 2, "UL": 4, "SL": 4, "AT": 4, "FL": 4, "FD": 8, "UV": 8, "SV": 8}


def _encoded() -> list[bytes]:
    found = []
    for name, encoding in itertools.product(_NAMES, _ENCODINGS):
        try:
            found.append(name.encode(encoding))
        except UnicodeEncodeError:
            continue
    return list(dict.fromkeys(found))


ENCODED = _encoded()
"""The names in the encodings that have them."""
_PARTS = {
    each[at : at + length]
    for each in ENCODED
    # Three letters in two bytes each; five in one.
    for length in [6 if b"\0" in each else 5]
    for at in range(len(each) - length + 1)
}


def parts_in(content: bytes) -> list[bytes]:
    """Parts of the names, of five bytes or three letters, that are in the content."""
    return [each for each in _PARTS if each in content]


def _named(turn: int) -> Dataset:
    """Numbers that are the names in turn, as long as each attribute may be."""
    made = Dataset()
    for vr, size in _SIZES.items():
        for number, tag in enumerate(attributes(vr)):
            most = DicomDictionary[tag][1].split("-")[-1]
            length = size * (int(most) if most.isdigit() else 8)
            name = ENCODED[(number + turn) % len(ENCODED)]
            put(made, tag, vr, name.ljust(length, b"\0")[:length])
    return made


def _plain(turn: int) -> bytes:
    made = base()
    made.update(_named(turn))
    return written(made)


def _implicit(turn: int) -> bytes:
    made = base()
    made.update(_named(turn))
    return written(made, IMPLICIT)


def _nested(turn: int) -> bytes:
    return written(base(DerivationCodeSequence=[_named(turn)]))


def _unknown(turn: int) -> bytes:
    made = base()
    for element in _named(turn).values():
        put(made, element.tag, "UN", element.value)
    return written(made)


FILMS: dict[str, Callable[[int], bytes]] = {
    "explicit": _plain,
    "implicit": _implicit,
    "nested": _nested,
    "UN": _unknown,
}
"""Films with the names, by how they are written; which attribute has which changes by turns."""
