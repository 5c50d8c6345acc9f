"""Exceptions that damaged bytes raise, and the error message for them."""

import struct
import zlib

from pydicom.errors import BytesLengthException, InvalidDicomError

DAMAGED = (
    "The DICOM file is truncated or damaged and cannot be decoded. "
    "Export or send the radiograph again."
)
"""Error message for a damaged file."""

DAMAGE = (
    InvalidDicomError,
    ArithmeticError,
    AttributeError,
    BytesLengthException,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""Exceptions of pydicom for a damaged file, when parsing it or reading a value."""
