"""Errors that prevent an output from being made."""

from hilum.errors import HilumError


class ReportError(HilumError):
    """A requested output cannot be made of this reading."""
