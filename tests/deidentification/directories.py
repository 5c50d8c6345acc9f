"""The directory of a disc (DICOMDIR), which lists files and holds no picture."""

from tests.pacs.films import as_file, film


def directory_file() -> bytes:
    """A DICOMDIR that names nothing but its disc."""
    made = film()
    for keyword in ("SOPClassUID", "Rows", "Columns", "PixelData"):
        del made[keyword]
    made.FileSetID = "DISC"
    return as_file(made)
