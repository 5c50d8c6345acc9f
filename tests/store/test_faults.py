"""Which errors are the environment's: only those of an object count as attempts."""

import errno
import os

import pytest
from sqlalchemy.exc import DatabaseError as DriverError
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError

from hilum.errors import BundleError, CorruptImageError
from hilum.store.errors import RefusalCode, RefusedError
from hilum.store.faults import environment_fault


def _of(number: int) -> OSError:
    return OSError(number, os.strerror(number))


ENVIRONMENT = [
    *map(_of, (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.EROFS, errno.EACCES)),
    MemoryError(),
    BundleError("no bundle"),
    RefusedError(RefusalCode.OUT_OF_RESOURCES, "full"),
    *(kind("SELECT", {}, Exception()) for kind in (OperationalError, InterfaceError, DriverError)),
]
OBJECT = [
    ValueError(),
    # As Pillow has it for a damaged picture.
    OSError("image file is truncated"),
    _of(errno.ENOENT),
    CorruptImageError("damaged"),
    RefusedError(RefusalCode.CANNOT_UNDERSTAND, "noise"),
    *(kind("INSERT", {}, Exception()) for kind in (DataError, IntegrityError)),
]


@pytest.mark.parametrize("error", ENVIRONMENT, ids=repr)
def test_an_error_of_the_environment_is_told_in_words(error):
    words = environment_fault(error)
    assert words
    assert words[0].islower()


@pytest.mark.parametrize("error", OBJECT, ids=repr)
def test_an_error_of_the_object_is_none_of_the_environment(error):
    assert environment_fault(error) is None


def test_what_led_to_an_error_is_looked_at():
    def wrap(cause: Exception) -> CorruptImageError:
        made = CorruptImageError("damaged")
        made.__cause__ = cause
        return made

    assert environment_fault(wrap(_of(errno.ENOSPC))) == "there is no room on the disk"
    # A codec's own word for a length that cannot be.
    assert environment_fault(wrap(MemoryError())) is None
