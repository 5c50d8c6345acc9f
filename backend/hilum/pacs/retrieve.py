"""WADO-RS: objects, their metadata and their frames (PS3.18 10.4)."""

import math
from collections.abc import Sequence
from typing import Any

from pydicom import Dataset
from pydicom.encaps import get_frame
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)
from sqlalchemy import select

from hilum.errors import HilumError
from hilum.imaging.dicom.elements import whole
from hilum.imaging.dicom.file import NO_LIMITS, PixelData, before_pixels, take_apart
from hilum.imaging.dicom.json_model import dicom_json
from hilum.store.schema import HeldObject
from hilum.store.store import Store

# PS3.18 table 8.7.3-5.
_FRAME_TYPES = {
    JPEGBaseline8Bit: "image/jpeg",
    JPEGExtended12Bit: "image/jpeg",
    JPEGLossless: "image/jpeg",
    JPEGLosslessSV1: "image/jpeg",
    RLELossless: "image/dicom-rle",
    JPEGLSLossless: "image/jls",
    JPEGLSNearLossless: "image/jls",
    JPEG2000Lossless: "image/jp2",
    JPEG2000: "image/jp2",
    HTJ2KLossless: "image/jphc",
    HTJ2K: "image/jphc",
}

_FRAME_SIZE = ("Rows", "Columns", "SamplesPerPixel", "BitsAllocated")


class NoSuchObjectError(HilumError):
    """There is no such study, series, instance or frame."""

    def __init__(self) -> None:
        super().__init__("There is no such study, series, instance or frame here.")


def find(
    store: Store, study: str, series: str | None = None, instance: str | None = None
) -> Sequence[HeldObject]:
    """Find the objects of a study, a series or an instance.

    Parameters
    ----------
    series, instance : str, optional

    Raises
    ------
    NoSuchObjectError
    """
    statement = select(HeldObject).where(
        HeldObject.study_instance_uid == study, HeldObject.sop_instance_uid != ""
    )
    if series is not None:
        statement = statement.where(HeldObject.series_instance_uid == series)
    if instance is not None:
        statement = statement.where(HeldObject.sop_instance_uid == instance)
    with store.database.read() as session:
        found = session.scalars(statement.order_by(HeldObject.id)).all()
    if not found or not study:
        raise NoSuchObjectError
    return found


def metadata(content: bytes, address: str) -> dict[str, Any]:
    """All of an object but its bulk data, which is named by its address (PS3.18 F.2).

    Parameters
    ----------
    content : bytes
    address : str
        Of the instance.
    """
    dataset = before_pixels(content, NO_LIMITS)
    return dicom_json(dataset, lambda element: f"{address}/bulkdata/{element.tag:08X}")


def frames(content: bytes, numbers: Sequence[int]) -> list[tuple[str, bytes]]:
    """Frames of an object, as they are stored.

    Parameters
    ----------
    content : bytes
    numbers : sequence of int
        From 1.

    Returns
    -------
    list of (str, bytes)
        Media type with its transfer syntax, and the frame.

    Raises
    ------
    NoSuchObjectError
        It has no such frame, none that begins at a byte of its own, or does not tell its size.
    """
    file = take_apart(content, NO_LIMITS)
    count = whole(file.dataset, "NumberOfFrames") or 1
    if file.pixel_data is None or not all(0 < number <= count for number in numbers):
        raise NoSuchObjectError
    syntax, dataset, pixels = UID(file.transfer_syntax), file.dataset, file.pixel_data
    kind = _FRAME_TYPES.get(syntax, "application/octet-stream")
    media_type = f"{kind}; transfer-syntax={syntax}"
    return [(media_type, _frame(dataset, pixels, number - 1, count)) for number in numbers]


def _frame(dataset: Dataset, pixels: PixelData, index: int, count: int) -> bytes:
    if pixels.is_encapsulated:
        return get_frame(bytes(pixels.content), index, number_of_frames=count)
    bits = math.prod(whole(dataset, name) or 0 for name in _FRAME_SIZE)
    if not bits or (bits % 8 and count > 1):
        raise NoSuchObjectError
    size = -(-bits // 8)
    return bytes(pixels.content[index * size : (index + 1) * size])
