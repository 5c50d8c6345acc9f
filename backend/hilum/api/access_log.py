"""The server's access log without what addresses say of patients.

A search by DICOMweb has names and numbers in its query, and an address of a study its UID; so
has an address that was meant to be one and is mistyped.
"""

import logging
import re

# The question mark that is part of the path, too; Orthanc spells it /dicom-web/.
_QUERY = re.compile(r"(\?|%3F).*", re.IGNORECASE | re.DOTALL)
_DICOMWEB = re.compile(r"(dicom-?web|studies|series|instances).+", re.IGNORECASE | re.DOTALL)
_PATH_ARGUMENT = 2


class WithoutPatients(logging.Filter):
    """Cuts off every query, and all that follows ``dicomweb`` or ``studies`` in an address."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change a record of uvicorn's access log, and let it pass."""
        arguments = record.args
        if isinstance(arguments, tuple) and len(arguments) > _PATH_ARGUMENT:
            path = _QUERY.sub("", str(arguments[_PATH_ARGUMENT]))
            path = _DICOMWEB.sub(r"\1/…", path)
            after = arguments[_PATH_ARGUMENT + 1 :]
            record.args = (*arguments[:_PATH_ARGUMENT], path, *after)
        return True


_FILTER = WithoutPatients()


def install() -> None:
    """Have uvicorn's access log pass by the filter."""
    # The same filter is added once, however often the app is started.
    logging.getLogger("uvicorn.access").addFilter(_FILTER)
