"""Faults of the machine, such as a full disk, recognised by the error number."""

import errno
from collections.abc import Iterator

NO_ROOM = "there is no room on the disk"
NO_MEMORY = "there is not enough memory"
_TOO_MANY_FILES = (errno.EMFILE, errno.ENFILE)
_FILES = "the folder of the store cannot be used"
_ERRNOS = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), NO_ROOM),
    errno.ENOMEM: NO_MEMORY,
    **dict.fromkeys(_TOO_MANY_FILES, "too many files are open"),
    **dict.fromkeys((errno.EIO, errno.EROFS, errno.EACCES, errno.ESTALE, errno.ENODEV), _FILES),
}


def system_fault(exc: BaseException) -> str | None:
    """Describe the fault of the machine that caused an error, if any.

    Returns
    -------
    str or None
        A clause without a value of a file. None for any other error, such as an OSError without a
        number, which is a codec's word for damage, or of a file that is not there.
    """
    if isinstance(exc, MemoryError):
        return NO_MEMORY
    return _ERRNOS.get(exc.errno or 0) if isinstance(exc, OSError) else None


def folder_fault(exc: OSError) -> str:
    """Say why nothing can be written to a folder."""
    if isinstance(exc, (FileNotFoundError, NotADirectoryError)):
        return "a folder of the store is missing"
    return system_fault(exc) or _FILES


def lacks_files(exc: BaseException) -> bool:
    """Whether an error was caused by a process that may open no more files."""
    found = causes(exc, with_context=True)
    return any(isinstance(each, OSError) and each.errno in _TOO_MANY_FILES for each in found)


def lacks_system_memory(exc: BaseException) -> bool:
    """Whether an error was caused by a system without memory.

    A process that has reached its own limit gets a `MemoryError`.
    """
    found = list(causes(exc, with_context=True))
    return not any(isinstance(each, MemoryError) for each in found) and any(
        isinstance(each, OSError) and each.errno == errno.ENOMEM for each in found
    )


def causes(exc: BaseException, *, with_context: bool = False) -> Iterator[BaseException]:
    """An error and those that led to it, each once: `raise a from b` may close a circle.

    Parameters
    ----------
    with_context : bool
        Also what was at hand where each was raised.
    """
    seen: set[int] = set()
    left: list[BaseException | None] = [exc]
    while left:
        found = left.pop()
        if found is None or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        if with_context:
            left.append(found.__context__)
        left.append(found.__cause__)
