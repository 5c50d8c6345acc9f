"""Radiographs written in every way that the DICOM matrix and the benchmark read."""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import DigitalXRayImageStorageForPresentation

Words = NDArray[Any]
Encode = Callable[[Words, int], bytes]

BIG_ENDIAN = "1.2.840.10008.1.2.2"
DEFLATED = "1.2.840.10008.1.2.1.99"
EXPLICIT = "1.2.840.10008.1.2.1"
IMPLICIT = "1.2.840.10008.1.2"


@dataclass(frozen=True)
class Syntax:
    """A transfer syntax and how to write a frame of it; natively where there is no encoder.

    `tool` is dcmtk's program that reads it, if any. `exact`: nothing is lost.
    """

    uid: str
    tool: str | None
    encode: Encode | None = None
    exact: bool = True
    most_bits: int = 16
    least_bits: int = 2


def _jpeg_lossless(predictor: int) -> Encode:
    return lambda words, bits: imagecodecs.jpeg8_encode(
        words, lossless=True, predictor=predictor, bitspersample=bits
    )


def _jpeg(words: Words, bits: int) -> bytes:
    if bits <= 8:
        return imagecodecs.jpeg8_encode(words, 92)
    return imagecodecs.jpeg8_encode(words, 96, bitspersample=12)


def _jpeg_2000(*, reversible: bool) -> Encode:
    return lambda words, bits: imagecodecs.jpeg2k_encode(
        words,
        level=None if reversible else 45,
        reversible=reversible,
        codecformat="j2k",
        bitspersample=bits,
    )


def rle(words: Words, _bits: int = 0) -> bytes:
    """Encode byte planes, the high byte first, in runs (PS3.5 annex G)."""
    samples = [words] if words.ndim == 2 else [words[:, :, n] for n in range(3)]
    segments = []
    for sample in samples:
        planes = np.ascontiguousarray(sample).view(np.uint8).reshape(*sample.shape, -1)
        for byte in reversed(range(planes.shape[2])):
            rows = [imagecodecs.packbits_encode(row.tobytes()) for row in planes[:, :, byte]]
            segment = b"".join(rows)
            segments.append(segment + b"\0" * (len(segment) % 2))
    starts = np.cumsum([64, *map(len, segments)])[:-1]
    table = [len(segments), *starts, *[0] * (15 - len(segments))]
    return struct.pack("<16I", *table) + b"".join(segments)


SYNTAXES = {
    "implicit little endian": Syntax(IMPLICIT, "dcm2pnm"),
    "explicit little endian": Syntax(EXPLICIT, "dcm2pnm"),
    "explicit big endian": Syntax(BIG_ENDIAN, "dcm2pnm"),
    "deflated": Syntax(DEFLATED, "dcm2pnm"),
    "RLE": Syntax("1.2.840.10008.1.2.5", "dcm2pnm", rle),
    "JPEG baseline": Syntax("1.2.840.10008.1.2.4.50", "dcmj2pnm", _jpeg, False, 8, 8),
    "JPEG extended, 12 bits": Syntax("1.2.840.10008.1.2.4.51", "dcmj2pnm", _jpeg, False, 12, 12),
    "JPEG lossless, predictor 1": Syntax("1.2.840.10008.1.2.4.70", "dcmj2pnm", _jpeg_lossless(1)),
    "JPEG lossless, predictor 4": Syntax("1.2.840.10008.1.2.4.57", "dcmj2pnm", _jpeg_lossless(4)),
    "JPEG-LS lossless": Syntax(
        "1.2.840.10008.1.2.4.80", "dcml2pnm", lambda words, _: imagecodecs.jpegls_encode(words)
    ),
    "JPEG-LS near-lossless": Syntax(
        "1.2.840.10008.1.2.4.81",
        "dcml2pnm",
        lambda words, _: imagecodecs.jpegls_encode(words, 2),
        False,
    ),
    "JPEG 2000 lossless": Syntax("1.2.840.10008.1.2.4.90", None, _jpeg_2000(reversible=True)),
    "JPEG 2000 lossy": Syntax("1.2.840.10008.1.2.4.91", None, _jpeg_2000(reversible=False), False),
    "HTJ2K lossless": Syntax(
        "1.2.840.10008.1.2.4.201",
        None,
        lambda words, _: imagecodecs.htj2k_encode(words, reversible=True),
        least_bits=8,
    ),
}


def write(
    words: Words,
    syntax: Syntax,
    *,
    bits_stored: int,
    before: Callable[[Dataset], None] | None = None,
    frame: bytes | None = None,
    **elements: Any,
) -> bytes:
    """Write unsigned words, one a pixel or three, as a DICOM file; keywords set elements."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = DigitalXRayImageStorageForPresentation
    meta.MediaStorageSOPInstanceUID = "1.2.826.0.1.3680043.8.498.1"
    meta.TransferSyntaxUID = syntax.uid
    dataset = Dataset()
    dataset.file_meta = meta
    dataset.SOPClassUID = meta.MediaStorageSOPClassUID
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.StudyInstanceUID = dataset.SeriesInstanceUID = "1.2.826.0.1.3680043.8.498.2"
    dataset.PatientName, dataset.PatientID = "Lindqvist^Josephine", "MRN-4711"
    dataset.Modality = "DX"
    dataset.Rows, dataset.Columns = words.shape[:2]
    dataset.SamplesPerPixel = 1 if words.ndim == 2 else 3
    dataset.PhotometricInterpretation = "MONOCHROME2" if words.ndim == 2 else "RGB"
    if words.ndim == 3:
        dataset.PlanarConfiguration = 0
    bits = 8 * words.dtype.itemsize
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = bits, bits_stored, bits_stored - 1
    dataset.PixelRepresentation = 0
    for name, value in elements.items():
        setattr(dataset, name, value)
    is_little = syntax.uid != BIG_ENDIAN
    if syntax.encode is None:
        raw = words.astype(words.dtype.newbyteorder("<" if is_little else ">")).tobytes()
        dataset.add_new("PixelData", "OW" if bits > 8 else "OB", raw + b"\0" * (len(raw) % 2))
    else:
        coded = syntax.encode(words, bits_stored) if frame is None else frame
        dataset.add_new("PixelData", "OB", encapsulate([coded]))
        dataset["PixelData"].is_undefined_length = True
    if before is not None:
        before(dataset)
    buffer = io.BytesIO()
    dcmwrite(
        buffer,
        dataset,
        implicit_vr=syntax.uid == IMPLICIT,
        little_endian=is_little,
        enforce_file_format=True,
    )
    return buffer.getvalue()


def lut_item(
    first: int,
    entries: NDArray[Any],
    bits: int,
    *,
    is_signed: bool = False,
    is_little: bool = True,
) -> Dataset:
    """An item of a Modality or VOI LUT Sequence."""
    item = Dataset()
    described = [len(entries) & 0xFFFF, first, bits]
    item.add_new("LUTDescriptor", "SS" if is_signed else "US", described)
    item.add_new("LUTData", "OW", entries.astype("<u2" if is_little else ">u2").tobytes())
    return item
