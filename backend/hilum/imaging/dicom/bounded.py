"""Parsing of a data set by pydicom, with limits on elements, items, levels and values.

An item takes 8 bytes of a file, and of pydicom 3 kB and 0.1 ms. So the header of each is counted
as it is read, also those within sequences, which pydicom would else parse at the first look.
"""

import io
from typing import Any

from pydicom import DataElement, Dataset
from pydicom.datadict import dictionary_has_tag, repeater_has_tag
from pydicom.dataelem import RawDataElement
from pydicom.filereader import read_dataset, read_sequence
from pydicom.hooks import raw_element_vr
from pydicom.tag import BaseTag

from hilum.errors import CorruptImageError, ImageError, ImageTooLargeError
from hilum.imaging.dicom.damage import DAMAGE, DAMAGED
from hilum.imaging.limits import DecodeLimits

_UNDEFINED_LENGTH = 0xFFFFFFFF
_HEADER_BYTES = 8
_ITEM = (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")
_CHARACTER_SET = (b"\x08\x00\x05\x00", b"\x00\x08\x00\x05")
_MOST_CHARACTER_SET_BYTES = 256
"""There are 16 of them, of 16 characters at most (PS3.3 C.12.1.1.2); pydicom warns of each."""
_MOST_OUT_OF_ORDER = 100
"""Tags ascend, and none comes twice (PS3.5 7.1). Some writers break this, for a few elements; zeros
and other bytes that are no data set break it every eight bytes."""
# Of several values, with a backslash between them (PS3.5 6.2).
_TEXT = frozenset({"AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "PN", "SH", "TM", "UC", "UI"})
# Binary numbers are read so much faster than text that so many bytes count as one value.
_NUMBERS = dict.fromkeys(("FD", "FL", "SL", "SS", "SV", "UL", "US", "UV"), 16) | {"AT": 4}


def read_elements(
    content: bytes,
    start: int,
    limits: DecodeLimits,
    *,
    pixels_from: int,
    is_implicit: bool,
    is_little_endian: bool,
) -> tuple[Dataset, int]:
    """Parse a data set, its sequences with it.

    Parameters
    ----------
    content : bytes
    start : int
        Where the data set begins.
    limits : DecodeLimits
        Bounds elements, items, levels and values.
    pixels_from : int
        The first tag that is not read.

    Returns
    -------
    Dataset
        Elements that are written as UN have the representation of the dictionary.
    int
        Where it ends.

    Raises
    ------
    CorruptImageError
        Bytes that are no data set.
    ImageTooLargeError
        Over `limits`.
    """
    tally = _Tally(limits)
    stream = _CountedBytes(content, tally)
    stream.seek(start)

    def are_pixels(tag: BaseTag, _representation: str | None, _length: int) -> bool:
        tally.take_tag(tag)
        return bool(tag >= pixels_from)

    try:
        dataset = read_dataset(stream, is_implicit, is_little_endian, stop_when=are_pixels)
        _read_sequences(dataset, tally, 0)
    except Exception as exc:
        # pydicom has an error of its own for whatever happens within an item.
        error = tally.error_for(exc)
        if error is None or error is exc:
            raise
        raise error from exc
    return dataset, stream.tell()


def is_shortened(raw: RawDataElement) -> bool:
    """Whether an element has fewer bytes than its stated length."""
    return raw.length != _UNDEFINED_LENGTH and len(raw.value or b"") < raw.length


def with_known_representation(raw: RawDataElement) -> RawDataElement:
    """Give a known element that is written as UN its own representation (PS3.5 6.2.2).

    Its value is in implicit little endian. pydicom does this for short values alone.
    """
    if raw.VR != "UN" or not dictionary_has_tag(raw.tag):
        return raw
    return raw._replace(VR=None, is_implicit_VR=True, is_little_endian=True)


class _Tally:
    """Counts of a file's contents, and the error if a limit was exceeded."""

    def __init__(self, limits: DecodeLimits) -> None:
        self._limits = limits
        self._error: ImageError | None = None
        self._elements = self._items = self._values = 0
        self._last_tag, self._out_of_order = -1, 0

    def take_header(self, header: bytes) -> None:
        if header[:4] in _ITEM:
            self._items += 1
            self._check(self._items, self._limits.max_items, "items")
        else:
            self._elements += 1
            self._check(self._elements, self._limits.max_elements, "elements")

    def take_tag(self, tag: int) -> None:
        """Of an element that is in no item."""
        self._out_of_order += tag <= self._last_tag
        self._last_tag = tag
        if self._out_of_order > _MOST_OUT_OF_ORDER:
            self.refuse(CorruptImageError(DAMAGED))

    def take_values(self, representation: str, value: bytes) -> None:
        if representation in _TEXT:
            self._values += value.count(b"\\")
        elif representation in _NUMBERS:
            self._values += len(value) // _NUMBERS[representation]
        self._check(self._values, self._limits.max_values, "values")

    def check_depth(self, depth: int) -> None:
        self._check(depth, self._limits.max_depth, "levels of sequences")

    def refuse(self, error: ImageError) -> None:
        self._error = error
        raise error

    def error_for(self, exc: Exception) -> ImageError | None:
        """Error for an exception of pydicom caused by a limit; None if no limit was exceeded."""
        is_too_deep = isinstance(exc, RecursionError) or isinstance(exc.__context__, RecursionError)
        if is_too_deep and self._error is None:
            return self._too_many(self._limits.max_depth, "levels of sequences")
        return self._error

    def _check(self, count: int, most: int, what: str) -> None:
        if count > most:
            self.refuse(self._too_many(most, what))

    def _too_many(self, most: int, what: str) -> ImageError:
        return ImageTooLargeError(
            f"The DICOM file's header has over {most:,} {what}, which no radiograph has. "
            "Send a single frontal radiograph."
        )


class _CountedBytes(io.BytesIO):
    """A stream that counts the headers that are read of it.

    They are read by eight bytes, as are the few values of that length, which count as well.
    """

    def __init__(self, content: bytes, tally: _Tally) -> None:
        super().__init__(content)
        self._tally = tally
        self._is_character_set = False

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        if size == _HEADER_BYTES:
            self._tally.take_header(found)
            self._is_character_set = found[:4] in _CHARACTER_SET
        elif self._is_character_set and len(found) > _MOST_CHARACTER_SET_BYTES:
            self._tally.refuse(CorruptImageError(DAMAGED))
        return found


def _read_sequences(dataset: Dataset, tally: _Tally, depth: int) -> None:
    tally.check_depth(depth)
    for tag in list(dataset.keys()):
        element = dataset.get_item(tag)
        if isinstance(element, RawDataElement):
            element = _read_element(dataset, element, tally)
        if isinstance(element, DataElement) and element.VR == "SQ":
            for item in element.value:
                _read_sequences(item, tally, depth + 1)


def _read_element(
    dataset: Dataset, raw: RawDataElement, tally: _Tally
) -> DataElement | RawDataElement:
    known = with_known_representation(raw)
    if known is not raw:
        dataset[raw.tag] = known
    representation = _representation(dataset, known)
    value = known.value or b""
    if representation != "SQ":
        tally.take_values(representation, value)
        return known
    stream = _CountedBytes(value, tally)
    encoding = dataset.original_character_set or ["iso8859"]
    try:
        found = read_sequence(
            stream, known.is_implicit_VR, known.is_little_endian, len(value), encoding
        )
    except DAMAGE as exc:
        # Of this element alone: whoever looks at it has the error.
        error = tally.error_for(exc)
        if error is not None:
            raise error from exc
        return known
    sequence = DataElement(raw.tag, "SQ", found, known.value_tell, already_converted=True)
    if not is_shortened(known):
        dataset[raw.tag] = sequence
    return sequence


def _representation(dataset: Dataset, raw: RawDataElement) -> str:
    """As pydicom will have it."""
    if raw.VR not in {None, "UN"}:
        return str(raw.VR)
    tag = raw.tag
    if not (tag.is_private or dictionary_has_tag(tag) or repeater_has_tag(tag)):
        return "UN"
    found: dict[str, Any] = {}
    raw_element_vr(raw, found, ds=dataset)
    return str(found["VR"])
