"""Length of a segmented palette, counted before it is expanded (PS3.3 C.7.9.2)."""

import numpy as np

from hilum.errors import CorruptImageError, ImageTooLargeError
from hilum.imaging.dicom.damage import DAMAGED

_DISCRETE, _LINEAR, _INDIRECT = 0, 1, 2
_MOST_ENTRIES = 1 << 16
_MOST_INDIRECT = 256
_MOST_LEVELS = 4


def check_segments(content: bytes, bits: int, *, is_little: bool) -> None:
    """Raise where segments unfold to more than a palette can have.

    A segment of six bytes may stand for 65,535 entries, and one that repeats others for many of
    these, or for itself.

    Parameters
    ----------
    content : bytes
    bits : int
        Of an entry, 8 or 16.

    Raises
    ------
    ImageTooLargeError
    CorruptImageError
        They end early, or are of no known kind.
    """
    dtype = np.dtype(np.uint8) if bits == 8 else np.dtype("<u2" if is_little else ">u2")
    words = np.frombuffer(content[: len(content) // dtype.itemsize * dtype.itemsize], dtype)
    if words.size > 2 * _MOST_ENTRIES:
        raise _too_long()
    try:
        _Count(words.tolist(), is_bytes=bits == 8, is_little=is_little).take(0, None, 0)
    except IndexError as exc:
        raise CorruptImageError(DAMAGED) from exc


class _Count:
    """Entries that were counted, and segments that repeat others."""

    def __init__(self, words: list[int], *, is_bytes: bool, is_little: bool) -> None:
        self._words = words
        self._is_bytes, self._is_little = is_bytes, is_little
        self._entries = self._repeats = 0

    def take(self, start: int, most: int | None, level: int) -> None:
        """Count this number of segments, or all, in the way that pydicom expands them."""
        at, taken = start, 0
        while at + 1 < len(self._words) and (most is None or taken < most):
            kind, length = self._words[at : at + 2]
            at, taken = at + 2, taken + 1
            if kind == _DISCRETE:
                at += length
            elif kind == _LINEAR:
                at += 1
            elif kind == _INDIRECT:
                offset, at = self._offset(at)
                self._repeats += 1
                if level == _MOST_LEVELS:
                    raise _too_long()
                self.take(start + offset, length, level + 1)
            else:
                raise CorruptImageError(DAMAGED)
            self._entries += 1 if kind == _INDIRECT else length
            if self._entries > _MOST_ENTRIES or self._repeats > _MOST_INDIRECT:
                raise _too_long()

    def _offset(self, at: int) -> tuple[int, int]:
        """Where the segments that are repeated begin, in words as pydicom has it."""
        if not self._is_bytes:
            low, high = self._words[at], self._words[at + 1]
            return high << 16 | low, at + 2
        order = (3, 2, 1, 0) if self._is_little else (2, 3, 0, 1)
        return int.from_bytes(bytes(self._words[at + each] for each in order)), at + 4


def _too_long() -> ImageTooLargeError:
    return ImageTooLargeError(
        "The DICOM file's palette unfolds to more colours than there are values. "
        "Export it in grey (MONOCHROME2)."
    )
