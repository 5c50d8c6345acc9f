"""DICOM films with a name in every place that a file has.

`PLACES` maps the name of a place to a function that takes the name of a person and returns the
bytes of a film that has it there, and nowhere else. `forms` tells how it may be written.
"""

import copy
import itertools
import struct
from collections.abc import Callable, Iterator
from functools import cache

import imagecodecs
import numpy as np
import pydicom
from pydicom import Dataset
from pydicom.datadict import DicomDictionary
from pydicom.dataelem import RawDataElement
from pydicom.encaps import encapsulate, generate_frames
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element, write_file_meta_info
from pydicom.tag import Tag
from pydicom.uid import UID

from tests.imaging.dicom_files import SYNTAXES
from tests.pacs.films import film

NAME = "ZQXNAME^MADEUP"
ROWS, COLUMNS = 64, 80
EXPLICIT, IMPLICIT = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2"
BIG_ENDIAN, DEFLATED = "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"
_OVER_64_KIB = 70_000
_LONG = ("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV")
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

Place = Callable[[str], bytes]


def forms(name: str) -> tuple[bytes, ...]:
    """Ways to write a name, and the longest part of it that fits in sixteen bytes."""
    start = name[:7]
    swapped = np.frombuffer(name[: len(name) // 2 * 2].encode(), "<u2").byteswap().tobytes()
    return (
        *(start.encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be", "utf-32-le")),
        start.lower().encode(),
        swapped,
    )


def is_named(content: bytes, name: str) -> bool:
    """Whether the bytes have the name, as text or in single bits of words."""
    return any(form in content for form in forms(name))


def is_named_in_bits(words: np.ndarray, name: str) -> bool:
    """Whether one bit of each word, one after the other, spells the name."""
    flat = words.ravel()
    planes = (flat >> bit & 1 for bit in range(8 * flat.dtype.itemsize))
    orders = itertools.product(planes, ("big", "little"))
    return any(is_named(np.packbits(plane, bitorder=order).tobytes(), name)
               for plane, order in orders)  # fmt: skip


@cache
def _film() -> Dataset:
    return film(rows=ROWS, columns=COLUMNS)


def words_of(dataset: Dataset) -> np.ndarray:
    """The words of a film of any syntax, decoded by other code than ours."""
    if not dataset["PixelData"].is_undefined_length:
        dtype = np.uint8 if dataset.BitsAllocated == 8 else np.uint16
        return np.frombuffer(dataset.PixelData, dtype)
    content = next(generate_frames(dataset.PixelData, number_of_frames=1))
    if content.startswith(b"\xff\x4f"):
        return imagecodecs.jpeg2k_decode(content)
    if b"\xff\xf7" in content[:64]:
        return imagecodecs.jpegls_decode(content)
    if content.startswith(b"\xff\xd8"):
        return imagecodecs.jpeg8_decode(content)
    return dataset.pixel_array


def base(**elements: object) -> Dataset:
    """A film of which nothing is named so."""
    made = copy.deepcopy(_film())
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return made


def written(dataset: Dataset, syntax: str = EXPLICIT) -> bytes:
    """A film as a file, with the bytes that were `put` in it."""
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    buffer = DicomBytesIO()
    if syntax in (BIG_ENDIAN, DEFLATED):
        pydicom.dcmwrite(buffer, dataset, enforce_file_format=True)
        return buffer.getvalue()
    buffer.write(bytes(128) + b"DICM")
    write_file_meta_info(buffer, dataset.file_meta)
    return buffer.getvalue() + _encoded(dataset, is_implicit=syntax == IMPLICIT)


def _encoded(dataset: Dataset, *, is_implicit: bool) -> bytes:
    """Encode a data set; pydicom would decode raw elements, and these are of no representation."""
    buffer = DicomBytesIO()
    buffer.is_implicit_VR, buffer.is_little_endian = is_implicit, True
    for tag in sorted(dataset.keys()):
        element = dataset.get_item(tag)
        if element.is_raw and is_implicit:
            buffer.write(implicit(tag, element.value))
        elif element.is_raw:
            buffer.write(explicit(tag, element.VR, element.value))
        elif element.VR == "SQ":
            items = b"".join(item(_encoded(each, is_implicit=is_implicit)) for each in element)
            buffer.write(implicit(tag, items) if is_implicit else explicit(tag, "SQ", items))
        else:
            write_data_element(buffer, element, "utf-8")
    return buffer.getvalue()


def put(dataset: Dataset, tag: int, representation: str, value: bytes) -> None:
    """Put bytes in an element, whether they are such a value or not."""
    made = RawDataElement(Tag(tag), representation, len(value), value, 0, False, True)
    dataset[Tag(tag)] = made


def explicit(tag: int, representation: str, value: bytes) -> bytes:
    """Encode an element in explicit little endian."""
    start = struct.pack("<HH2s", tag >> 16, tag & 0xFFFF, representation.encode())
    value += b" " * (len(value) % 2)
    if representation in _LONG:
        return start + struct.pack("<HI", 0, len(value)) + value
    return start + struct.pack("<H", len(value)) + value


def implicit(tag: int, value: bytes) -> bytes:
    """Encode an element in implicit little endian."""
    value += b" " * (len(value) % 2)
    return struct.pack("<HHI", tag >> 16, tag & 0xFFFF, len(value)) + value


def item(content: bytes) -> bytes:
    """Encode an item of a sequence."""
    return struct.pack("<HHI", 0xFFFE, 0xE000, len(content)) + content


def attributes(representation: str | None = None) -> list[int]:
    """Tags of the attributes that the standard has for data sets, of one representation."""
    return [
        tag
        for tag, (vr, *_) in DicomDictionary.items()
        if 0x0007FFFF < tag < 0x7FE00000
        and Tag(tag) not in _NEEDED
        and vr not in ("SQ", "NONE")
        and (representation is None or vr == representation)
    ]


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


def _bytes(change: Callable[[bytes, bytes], bytes], syntax: str = EXPLICIT) -> Place:
    return lambda name: change(written(base(), syntax), name.encode())


def _pixels(change: Callable[[Dataset, str], None], syntax: str = EXPLICIT) -> Place:
    def place(name: str) -> bytes:
        made = base()
        change(made, name)
        return written(made, syntax)

    return place


def spelt_in_bit(words: np.ndarray, name: str, bit: int) -> np.ndarray:
    """Spell a name with one bit of each word."""
    bits = np.unpackbits(np.frombuffer(name.encode(), np.uint8))
    made = words.copy()
    made.ravel()[: bits.size] |= bits.astype(words.dtype) << words.dtype.type(bit)
    return made


def _words(made: Dataset) -> np.ndarray:
    return np.frombuffer(made.PixelData, "<u2").reshape(made.Rows, made.Columns)


def _in_unused_bit(made: Dataset, name: str) -> None:
    made.PixelData = spelt_in_bit(_words(made), name, 14).tobytes()


def _in_overlay_bit(made: Dataset, name: str) -> None:
    _in_unused_bit(made, name)
    made.add_new(0x60000010, "US", ROWS)
    made.add_new(0x60000011, "US", COLUMNS)
    made.add_new(0x60000022, "LO", name)
    made.add_new(0x60000040, "CS", "G")
    made.add_new(0x60000100, "US", 16)
    made.add_new(0x60000102, "US", 14)


def _in_unused_bit_of_signed(made: Dataset, name: str) -> None:
    made.PixelRepresentation = 1
    made.PixelData = spelt_in_bit(_words(made) & 0x07FF, name, 13).tobytes()


def _in_low_bit(made: Dataset, name: str) -> None:
    made.HighBit = 15
    made.PixelData = spelt_in_bit(_words(made) << 4, name, 2).tobytes()


def _past_the_pixels(made: Dataset, name: str) -> None:
    made.PixelData += name.encode()


def _in_table(name: str) -> bytes:
    table = Dataset()
    table.add_new("LUTDescriptor", "US", [4, 0, 12])
    table.LUTExplanation = name
    table.add_new("LUTData", "OW", struct.pack("<4H", 0, 1000, 2000, 4095) + name.encode())
    return written(base(VOILUTSequence=[table]))


def _in_palette(prefix: str, table: bytes) -> Place:
    def place(name: str) -> bytes:
        made = base(PhotometricInterpretation="PALETTE COLOR")
        for colour in ("Red", "Green", "Blue"):
            keyword = f"{colour}PaletteColorLookupTable"
            made.add_new(f"{keyword}Descriptor", "US", [4, 0, 16])
            made.add_new(f"{prefix}{keyword}Data", "OW", table + name.encode())
        return written(made)

    return place


def frame(syntax: str, bits: int = 12) -> bytes:
    """A compressed frame of the film."""
    known = SYNTAXES[syntax]
    words = _words(base())
    if known.most_bits < bits:
        words, bits = np.uint8(words >> 4), known.most_bits
    return known.encode(words, bits)


def compressed(
    syntax: str, change: Callable[[bytes], bytes] = bytes, *more: bytes, **elements: object
) -> bytes:
    """A film with a frame of this syntax, changed, and with more fragments after it."""
    known = SYNTAXES[syntax]
    made = base(**elements)
    if known.most_bits < 12:
        made.BitsAllocated, made.BitsStored, made.HighBit = 8, 8, 7
    content = change(frame(syntax))
    fragments = [content, *more]
    value = encapsulate([content]) if not more else _items(fragments)
    made.add_new("PixelData", "OB", value)
    made["PixelData"].is_undefined_length = True
    return written(made, known.uid)


def _items(fragments: list[bytes]) -> bytes:
    padded = [each + b"\0" * (len(each) % 2) for each in fragments]
    return b"".join(map(item, [b"", *padded]))


def segment(marker: int, body: bytes) -> bytes:
    """A segment of a JPEG or JPEG 2000 codestream."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _after_start(content: bytes, more: bytes) -> bytes:
    return content[:2] + more + content[2:]


def _before_tile(content: bytes, more: bytes) -> bytes:
    at = content.index(b"\xff\x90\x00\x0a")
    return content[:at] + more + content[at:]


def _in_tile_header(content: bytes, more: bytes) -> bytes:
    at = content.index(b"\xff\x90\x00\x0a")
    (size,) = struct.unpack_from(">I", content, at + 6)
    assert size, "the encoder leaves the length of the only tile-part out"
    start = content[: at + 6] + struct.pack(">I", size + len(more)) + content[at + 10 : at + 12]
    return start + more + content[at + 12 :]


def _after_last_packet(content: bytes, more: bytes) -> bytes:
    at = content.index(b"\xff\x90\x00\x0a") + 6
    (size,) = struct.unpack_from(">I", content, at)
    start = content[:at] + struct.pack(">I", size + len(more)) + content[at + 4 : -2]
    return start + more + content[-2:]


def _in_jp2(content: bytes, more: bytes) -> bytes:
    pixels = imagecodecs.jpeg2k_decode(content)
    whole = imagecodecs.jpeg2k_encode(pixels, codecformat="jp2", reversible=True, bitspersample=12)
    at = whole.index(b"jp2c") - 4
    boxes = (struct.pack(">I4s", 8 + len(more), b"xml ") + more
             + struct.pack(">I4s", 24 + len(more), b"uuid") + bytes(16) + more)  # fmt: skip
    return whole[:at] + boxes + whole[at:]


def _in_frame(syntax: str, change: Callable[[bytes, bytes], bytes]) -> Place:
    return lambda name: compressed(syntax, lambda content: change(content, name.encode()))


def _in_bit_of_frame(syntax: str) -> Place:
    def place(name: str) -> bytes:
        words = spelt_in_bit(_words(base()), name, 14)
        known = SYNTAXES[syntax]
        return compressed(syntax, lambda _content: known.encode(words, 16))

    return place


def _rle_excess(content: bytes, name: bytes) -> bytes:
    """A literal run after the last, in the first segment."""
    starts = list(struct.unpack_from("<16I", content))
    # Before it are two runs of nothing: one may be taken for what padding says that follows.
    more = b"\x80\x80" + bytes((len(name) - 1,)) + name
    more += b"\x80" * (len(more) % 2)
    at = starts[2]
    starts[2] += len(more)
    return struct.pack("<16I", *starts) + content[64:at] + more + content[at:]


def _offset_tables(name: str) -> bytes:
    made = base()
    padded = name.encode()[:8]
    made.add_new(0x7FE00001, "OV", padded)
    made.add_new(0x7FE00002, "OV", padded)
    made.add_new("PixelData", "OB", encapsulate([frame("RLE")], has_bot=False))
    made["PixelData"].is_undefined_length = True
    return written(made, SYNTAXES["RLE"].uid)


def _meta(name: str) -> bytes:
    made = base()
    made.file_meta.SourceApplicationEntityTitle = name[:16]
    made.file_meta.PrivateInformationCreatorUID = "1.2.3"
    made.file_meta.PrivateInformation = name.encode()
    made.file_meta.ImplementationVersionName = name[:16]
    return written(made)


def _preamble(content: bytes, name: bytes) -> bytes:
    return name.ljust(128, b"\0") + content[128:]


def _places() -> Iterator[tuple[str, Place]]:
    for vr in _REPRESENTATIONS:
        yield f"every attribute of {vr}", _of_representation(vr)
    for encoding in ("ascii", "utf-16-le", "utf-16-be", "utf-32-le"):
        yield f"every attribute of numbers in {encoding}", _numbers(encoding)
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
    yield "a table past its end", _in_table
    yield "a palette past its end", _in_palette("", struct.pack("<4H", 0, 100, 200, 300))
    yield (
        "a segmented palette past its end",
        _in_palette("Segmented", struct.pack("<6H", 0, 4, 0, 100, 200, 300)),
    )
    yield "the preamble", _bytes(_preamble)
    yield "the file meta", _meta
    yield "after the data set", _bytes(lambda content, name: content + name)
    yield "after a big-endian data set", _bytes(lambda content, n: content + n, BIG_ENDIAN)
    yield "a big-endian file", lambda name: written(base(Manufacturer=name), BIG_ENDIAN)
    yield "a deflated file", lambda name: written(base(Manufacturer=name), DEFLATED)
    yield "after a deflated data set", _bytes(lambda content, n: content + n, DEFLATED)
    yield "a bit beside the pixels' values", _pixels(_in_unused_bit)
    yield "a bit that an overlay draws", _pixels(_in_overlay_bit)
    yield "a bit beside signed values", _pixels(_in_unused_bit_of_signed)
    yield "a bit under the pixels' values", _pixels(_in_low_bit)
    yield "after the pixels, in their element", _pixels(_past_the_pixels)
    yield "offset tables", _offset_tables
    yield "a fragment more", lambda name: compressed("JPEG baseline", bytes, name.encode())
    yield "after the pixels' items", lambda name: compressed("RLE") + name.encode()
    for syntax in ("JPEG baseline", "JPEG lossless, predictor 1", "JPEG-LS lossless"):
        for marker, what in ((0xFE, "a comment"), (0xE1, "EXIF"), (0xED, "IPTC")):
            yield (
                f"{what} of {syntax}",
                _in_frame(syntax, lambda c, n, marker=marker: _after_start(c, segment(marker, n))),
            )
        yield f"after the end of {syntax}", _in_frame(syntax, lambda c, n: c + n)
        yield (
            f"between segments of {syntax}",
            _in_frame(syntax, lambda c, n: _after_start(c, segment(0xFE, b"") + n)),
        )
    thumbnail = b"JFIF\0\x01\x01\0\0\x01\0\x01\x02\x03"
    yield (
        "JFIF's thumbnail",
        _in_frame(
            "JPEG baseline", lambda c, n: _after_start(c, segment(0xE0, thumbnail + n.ljust(18)))
        ),
    )
    yield (
        "a table of JPEG that is not used",
        _in_frame(
            "JPEG baseline",
            lambda c, n: _after_start(c, segment(0xDB, b"\x03" + n.ljust(64, b"\1"))),
        ),
    )
    for syntax in ("JPEG 2000 lossless", "HTJ2K lossless"):
        yield (
            f"a comment of {syntax}",
            _in_frame(syntax, lambda c, n: _before_tile(c, segment(0x64, b"\0\1" + n))),
        )
        yield f"after the end of {syntax}", _in_frame(syntax, lambda c, n: c + n)
    yield (
        "an unknown segment of JPEG 2000",
        _in_frame("JPEG 2000 lossless", lambda c, n: _before_tile(c, segment(0x78, n))),
    )
    yield (
        "a tile's comment",
        _in_frame(
            "JPEG 2000 lossless", lambda c, n: _in_tile_header(c, segment(0x64, b"\0\1" + n))
        ),
    )
    for syntax in ("JPEG baseline", "JPEG lossless, predictor 1", "JPEG-LS lossless"):
        yield (
            f"after the last value of {syntax}",
            _in_frame(syntax, lambda c, n: c[:-2] + n + c[-2:]),
        )
    for syntax in ("JPEG 2000 lossless", "HTJ2K lossless"):
        yield f"after the last packet of {syntax}", _in_frame(syntax, _after_last_packet)
    yield "boxes of JP2", _in_frame("JPEG 2000 lossless", _in_jp2)
    yield "after the last run", _in_frame("RLE", _rle_excess)
    yield "after RLE", _in_frame("RLE", lambda c, n: c + n)
    for syntax in ("RLE", "JPEG lossless, predictor 1", "JPEG-LS lossless", "JPEG 2000 lossless"):
        yield f"a bit beside the values of {syntax}", _in_bit_of_frame(syntax)


PLACES: dict[str, Place] = dict(_places())
REFUSED = frozenset(
    {
        *(each for each in PLACES if each.startswith("between segments")),
        "after RLE",
        "after the last value of JPEG baseline",
        "after the last value of JPEG-LS lossless",
    }
)
"""Places where a name makes the film one that cannot be decoded."""
