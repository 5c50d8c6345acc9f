"""Files that cost much more to read than to send, each of one kind, built by code.

`hostile_files()` has all of them: the acceptance test sends them over HTTP as well.
"""

from tests.hostile.dicom_files import dicom_files
from tests.hostile.pictures import pictures


def hostile_files() -> dict[str, bytes]:
    """All of them, by what is wrong with each; a name ends as a file of its format does."""
    return dict([*dicom_files(), *pictures()])
