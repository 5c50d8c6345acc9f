"""Elements of a data set, as places of a name."""

import struct
from collections.abc import Callable, Iterator
from functools import cache

from pydicom import Dataset
from pydicom.datadict import DicomDictionary
from pydicom.tag import Tag

from tests.deidentification.raw_films import Place, base, explicit, implicit, item, put, written
from tests.imaging.dicom_files import IMPLICIT

_OVER_64_KIB = 70_000
# What is not found again without these, or is no film.
_NEEDED = frozenset(
    Tag(keyword)
    for keyword in (
        *("BitsAllocated", "BitsStored", "Columns", "HighBit", "NumberOfFrames", "Rows"),
        *("PhotometricInterpretation", "PixelRepresentation", "SamplesPerPixel"),
        *("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"),
        *("SpecificCharacterSet", "DirectoryRecordSequence", "FileSetID"),
    )
)


@cache
def attributes(representation: str | None = None) -> tuple[int, ...]:
    """Tags of the attributes that the standard has for data sets, of one representation."""
    return tuple(
        tag
        for tag, (vr, *_) in DicomDictionary.items()
        if 0x0007FFFF < tag < 0x7FE00000
        and Tag(tag) not in _NEEDED
        and vr not in ("SQ", "NONE")
        and (representation is None or vr == representation)
    )


def _sequences() -> list[int]:
    return [
        tag
        for tag, (vr, *_) in DicomDictionary.items()
        if vr == "SQ" and tag > 0x0007FFFF and Tag(tag) not in _NEEDED
    ]


_REPRESENTATIONS = sorted(
    {vr for tag, (vr, *_) in DicomDictionary.items() if vr not in ("SQ", "NONE", "UN")}
)


def _of_representation(vr: str) -> Place:
    def place(name: str) -> bytes:
        made = base()
        for tag in attributes(vr):
            put(made, tag, vr[:2], name.encode())
        return written(made)

    return place


def _numbers(encoding: str) -> Place:
    def place(name: str) -> bytes:
        made = base()
        for vr in ("US", "SS", "UL", "SL", "FL", "FD", "UV", "SV", "AT"):
            for tag in attributes(vr):
                put(made, tag, vr, name[:12].encode(encoding) * 2)
        return written(made)

    return place


def _numbers_as_letters(vr: str, letter: str) -> Place:
    """One letter a number, in as many numbers as each attribute may have."""

    def place(name: str) -> bytes:
        made = base()
        for tag in attributes(vr):
            least, _, most = DicomDictionary[tag][1].partition("-")
            count = len(name) if most.endswith("n") else int(most or least)
            letters = (name * 3)[: min(count, 3 * len(name))].encode()
            if count <= len(letters):
                put(made, tag, vr, struct.pack(f"<{len(letters)}{letter}", *letters))
        return written(made)

    return place


def _lists_of_numbers(name: str) -> bytes:
    """Five letters of the name at a time, so that six in a row are no letters."""
    made = base()
    parts = b"".join(name[n : n + 5].encode() + b"\0\0\0" for n in range(0, len(name), 5))
    for vr in ("US", "SS", "UL", "SL", "FL", "FD", "UV", "SV"):
        for tag in attributes(vr):
            if DicomDictionary[tag][1] == "1-n":
                put(made, tag, vr, parts)
    return written(made)


def _codes(name: str) -> bytes:
    made = base()
    for tag in attributes("CS"):
        put(made, tag, "CS", name.replace("^", " ").encode())
    return written(made)


def _all_as(vr: str) -> Place:
    def place(name: str) -> bytes:
        made = base()
        for tag in attributes():
            put(made, tag, vr, name.encode())
        return written(made)

    return place


def _all_implicit(name: str) -> bytes:
    made = base()
    for tag in attributes():
        put(made, tag, "UN", name.encode())
    return written(made, IMPLICIT)


def _in_items(name: str) -> Dataset:
    inner = Dataset()
    for tag in attributes():
        vr = DicomDictionary[tag][0][:2]
        put(inner, tag, vr, name.encode())
    return inner


def _nested(name: str) -> bytes:
    middle = Dataset()
    middle.PurposeOfReferenceCodeSequence = [_in_items(name)]
    return written(base(DerivationCodeSequence=[middle]))


def _in_every_sequence(name: str) -> bytes:
    made = base()
    value = item(
        explicit(0x00102201, "LO", name.encode())
        + explicit(0x00110010, "LO", name.encode())
        + explicit(0x00111001, "LO", name.encode())
    )
    for tag in _sequences():
        put(made, tag, "SQ", value)
    return written(made)


def _sequence_as(vr: str, *, is_long: bool = False) -> Place:
    def place(name: str) -> bytes:
        made = base()
        text = (name.encode() + b" ") * (_OVER_64_KIB // len(name) if is_long else 1)
        inner = implicit(0x00102201, text) if vr == "UN" else explicit(0x00102201, "UT", text)
        put(made, 0x00089215, vr, item(inner))
        return written(made)

    return place


def _private(name: str) -> bytes:
    made = base()
    inner, replaced = Dataset(), Dataset()
    for each in (made, inner, replaced):
        each.private_block(0x0011, name, create=True).add_new(1, "LO", name)
    made.DerivationCodeSequence, made.VerifyingObserverSequence = [inner], [replaced]
    return written(made)


def _element(tag: int, vr: str, value: Callable[[bytes], bytes] = bytes) -> Place:
    def place(name: str) -> bytes:
        made = base()
        put(made, tag, vr, value(name.encode()))
        return written(made)

    return place


def _code(**elements: str) -> Place:
    """A code, one part of which is the name."""

    def place(name: str) -> bytes:
        code = Dataset()
        for keyword, text in elements.items():
            setattr(code, keyword, text.replace("NAME", name[:16]))
        return written(base(ViewCodeSequence=[code]))

    return place


def _places() -> Iterator[tuple[str, Place]]:
    for vr in _REPRESENTATIONS:
        yield f"every attribute of {vr}", _of_representation(vr)
    for encoding in ("ascii", "utf-16-le", "utf-16-be", "utf-32-le"):
        yield f"every attribute of numbers in {encoding}", _numbers(encoding)
    for vr, letter in (("FD", "d"), ("FL", "f"), ("SV", "q"), ("US", "H")):
        yield f"letters as numbers of {vr}", _numbers_as_letters(vr, letter)
    yield "lists of numbers", _lists_of_numbers
    yield "code strings in capitals", _codes
    yield (
        "a third value of Image Type",
        _element(0x00080008, "CS", lambda n: b"ORIGINAL\\PRIMARY\\" + n.replace(b"^", b" ")),
    )
    for vr in ("UN", "OB", "LO", "UT", "ZZ"):
        yield f"every attribute, written as {vr}", _all_as(vr)
    yield "every attribute, implicit", _all_implicit
    yield "every attribute, in an item of an item", _nested
    yield "in an item of every sequence", _in_every_sequence
    for vr in ("UN", "OB", "LO", "UT"):
        yield f"a sequence written as {vr}", _sequence_as(vr)
    for vr in ("UN", "OB", "UT"):
        yield f"a sequence over 64 KiB written as {vr}", _sequence_as(vr, is_long=True)
    yield "private elements at every level", _private
    yield "an element that the standard does not know", _element(0x00083FFE, "LO")
    yield "a code string after its padding", _element(0x00185101, "CS", lambda n: b"PA\0" + n)
    yield "a UID after its padding", _element(0x00081150, "UI", lambda n: b"1.2.3\0" + n)
    yield "a number after its padding", _element(0x00281050, "DS", lambda n: b"1.5 " + n)
    yield "a second value", _element(0x00080008, "CS", lambda n: b"ORIGINAL\\" + n)
    yield "a colour profile", _element(0x00282000, "OB", lambda n: bytes(128) + n)
    yield "padding of the data set", _element(0xFFFCFFFC, "OB")
    yield (
        "a digital signature",
        _element(0xFFFAFFFA, "SQ", lambda n: item(explicit(0x04000120, "OB", n))),
    )
    yield "an overlay", _element(0x60003000, "OW")
    yield "an overlay of a high group", _element(0x601E3000, "OW")
    yield "an overlay's description", _element(0x60000022, "LO")
    yield "a curve", _element(0x50003000, "OW")
    yield "a curve's description", _element(0x50000022, "LO")
    yield "a meaning", _code(CodeValue="51185008", CodingSchemeDesignator="SCT", CodeMeaning="NAME")
    yield "a code", _code(CodeValue="NAME", CodingSchemeDesignator="SCT", CodeMeaning="Chest")
    yield "a scheme", _code(CodeValue="1", CodingSchemeDesignator="NAME", CodeMeaning="Chest")
    yield "a long code", _code(LongCodeValue="NAME", CodingSchemeDesignator="SCT", CodeMeaning="C")


ELEMENT_PLACES: dict[str, Place] = dict(_places())
