"""Retain options of de-identification; a module of its own, so that it loads without pydicom."""

from enum import StrEnum


class RetainOption(StrEnum):
    """Options of the Basic Profile (PS3.15 E.3), by what they retain."""

    UIDS = "uids"
    DEVICE = "device"
    DATES = "dates"
    PATIENT = "patient"
    INSTITUTION = "institution"
