"""What damaged bytes bring up, and what is said of them."""

import struct
import zlib

from pydicom.errors import BytesLengthException, InvalidDicomError

DAMAGED = (
    "The DICOM file is truncated or damaged and cannot be decoded. "
    "Export or send the radiograph again."
)
"""What is said of one."""

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
"""What pydicom raises on a damaged file, at parsing it or at the first look at a value."""
