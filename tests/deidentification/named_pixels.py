"""The file around a data set, tables and bare pixels, as places of a name."""

import struct
from collections.abc import Callable, Iterator

import numpy as np
from pydicom import Dataset

from tests.deidentification.raw_films import (
    COLUMNS,
    ROWS,
    Place,
    bare_words,
    base,
    spelt_in_bit,
    written,
)
from tests.imaging.dicom_files import BIG_ENDIAN, DEFLATED, EXPLICIT


def _bytes(change: Callable[[bytes, bytes], bytes], syntax: str = EXPLICIT) -> Place:
    return lambda name: change(written(base(), syntax), name.encode())


def _meta(name: str) -> bytes:
    made = base()
    made.file_meta.SourceApplicationEntityTitle = name[:16]
    made.file_meta.PrivateInformationCreatorUID = "1.2.3"
    made.file_meta.PrivateInformation = name.encode()
    made.file_meta.ImplementationVersionName = name[:16]
    return written(made)


def _preamble(content: bytes, name: bytes) -> bytes:
    return name.ljust(128, b"\0") + content[128:]


def _in_table(name: str) -> bytes:
    table = Dataset()
    table.add_new("LUTDescriptor", "US", [4, 0, 12])
    table.LUTExplanation = name
    table.add_new("LUTData", "OW", struct.pack("<4H", 0, 1000, 2000, 4095) + name.encode())
    return written(base(VOILUTSequence=[table]))


def _as_table(sequence: str, representation: str, described: int, bits: int) -> Place:
    """The words of a table, of which as many are described."""

    def place(name: str) -> bytes:
        words = np.frombuffer(2 * name.encode(), "<u2")
        table = Dataset()
        table.add_new("LUTDescriptor", "US", [described, 0, bits])
        is_words = representation == "OW"
        table.add_new("LUTData", representation, words.tobytes() if is_words else words.tolist())
        return written(base(**{sequence: [table]}))

    return place


def _unused_palette(name: str) -> bytes:
    made = base()
    for colour in ("Red", "Green", "Blue"):
        keyword = f"{colour}PaletteColorLookupTable"
        made.add_new(f"{keyword}Descriptor", "US", [len(name) // 2, 0, 16])
        made.add_new(f"{keyword}Data", "OW", name.encode())
    return written(made)


def _in_palette(prefix: str, table: bytes) -> Place:
    def place(name: str) -> bytes:
        made = base(PhotometricInterpretation="PALETTE COLOR")
        for colour in ("Red", "Green", "Blue"):
            keyword = f"{colour}PaletteColorLookupTable"
            made.add_new(f"{keyword}Descriptor", "US", [4, 0, 16])
            made.add_new(f"{prefix}{keyword}Data", "OW", table + name.encode())
        return written(made)

    return place


def _pixels(change: Callable[[Dataset, str], None], syntax: str = EXPLICIT) -> Place:
    def place(name: str) -> bytes:
        made = base()
        change(made, name)
        return written(made, syntax)

    return place


def _in_unused_bit(made: Dataset, name: str) -> None:
    made.PixelData = spelt_in_bit(bare_words(made), name, 14).tobytes()


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
    made.PixelData = spelt_in_bit(bare_words(made) & 0x07FF, name, 13).tobytes()


def _in_low_bit(made: Dataset, name: str) -> None:
    made.HighBit = 15
    made.PixelData = spelt_in_bit(bare_words(made) << 4, name, 2).tobytes()


def _past_the_pixels(made: Dataset, name: str) -> None:
    made.PixelData += name.encode()


def _places() -> Iterator[tuple[str, Place]]:
    yield "the preamble", _bytes(_preamble)
    yield "the file meta", _meta
    yield "after the data set", _bytes(lambda content, name: content + name)
    yield "after a big-endian data set", _bytes(lambda content, n: content + n, BIG_ENDIAN)
    yield "a big-endian file", lambda name: written(base(Manufacturer=name), BIG_ENDIAN)
    yield "a deflated file", lambda name: written(base(Manufacturer=name), DEFLATED)
    yield "after a deflated data set", _bytes(lambda content, n: content + n, DEFLATED)
    yield "a table past its end", _in_table
    for sequence in ("VOILUTSequence", "ModalityLUTSequence"):
        for representation in ("OW", "US"):
            yield (
                f"a table of {sequence} in {representation}",
                _as_table(sequence, representation, 14, 16),
            )
    yield "a table of bytes", _as_table("VOILUTSequence", "OW", 28, 8)
    yield "bits over a table's", _as_table("VOILUTSequence", "OW", 14, 8)
    yield "a table that is too short", _as_table("ModalityLUTSequence", "OW", 4096, 12)
    yield "a palette of a grey film", _unused_palette
    yield "a palette past its end", _in_palette("", struct.pack("<4H", 0, 100, 200, 300))
    yield (
        "a segmented palette past its end",
        _in_palette("Segmented", struct.pack("<6H", 0, 4, 0, 100, 200, 300)),
    )
    yield "a bit beside the pixels' values", _pixels(_in_unused_bit)
    yield "a bit that an overlay draws", _pixels(_in_overlay_bit)
    yield "a bit beside signed values", _pixels(_in_unused_bit_of_signed)
    yield "a bit under the pixels' values", _pixels(_in_low_bit)
    yield "after the pixels, in their element", _pixels(_past_the_pixels)


PIXEL_PLACES: dict[str, Place] = dict(_places())
