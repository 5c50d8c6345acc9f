"""Errors that prevent an output from being made."""

from hilum.errors import HilumError


class ReportError(HilumError):
    """An output that was asked for cannot be made of this reading."""
