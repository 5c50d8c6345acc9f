"""The server's access log without what addresses say of patients.

A search by DICOMweb has names and numbers in its query, and an address of a study its UID.
"""

import logging

_DICOMWEB = "/dicomweb/"
_PATH_ARGUMENT = 2


class WithoutPatients(logging.Filter):
    """Cuts off all that follows ``/dicomweb/`` in an address."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change a record of uvicorn's access log, and let it pass."""
        arguments = record.args
        if isinstance(arguments, tuple) and len(arguments) > _PATH_ARGUMENT:
            path = str(arguments[_PATH_ARGUMENT])
            if path.startswith(_DICOMWEB):
                after = arguments[_PATH_ARGUMENT + 1 :]
                record.args = (*arguments[:_PATH_ARGUMENT], f"{_DICOMWEB}…", *after)
        return True


_FILTER = WithoutPatients()


def install() -> None:
    """Have uvicorn's access log pass by the filter."""
    # The same filter is added once, however often the app is started.
    logging.getLogger("uvicorn.access").addFilter(_FILTER)
