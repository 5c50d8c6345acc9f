"""Data removed from places that viewers do not show."""

from enum import StrEnum


class Removal(StrEnum):
    """Places where a file hid something, in words for people."""

    OVERLAYS = "overlays or curves"
    UNUSED_BITS = "bits of the pixels beside the picture's"
    PAST_EDGE = "pixels past the picture's edge in a JPEG's last blocks"
    FRAME_METADATA = "comments or metadata in a compressed frame"
    AFTER_FRAME = "bytes after the end of a frame"
    AFTER_PIXELS = "bytes after the pixels"
    TABLES = "look-up tables that show no film"
    UNUSED_COLOURS = "parts of a palette that no pixel shows"
    INVALID_VALUES = "values that break DICOM's rules"
    IMPLAUSIBLE_NUMBERS = "numbers out of range"
    UNKNOWN_UIDS = "UIDs of classes that DICOM does not define"
