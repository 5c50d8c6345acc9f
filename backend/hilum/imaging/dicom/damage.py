"""What damaged bytes bring up."""

import struct
import zlib

from pydicom.errors import BytesLengthException, InvalidDicomError

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
