"""Dummy values that replace identifying values."""

from pydicom import DataElement

from hilum.deidentification.values import several

_WORD = "REMOVED"
_DUMMIES: dict[str, object] = {
    "AS": "000Y",
    "DA": "19000101",
    "TM": "000000",
    "DT": "19000101000000",
    "UR": "http://removed.invalid",
    **dict.fromkeys(("AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UT"), _WORD),
    **dict.fromkeys(("DS", "IS"), "0"),
    **dict.fromkeys(("FD", "FL"), 0.0),
    **dict.fromkeys(("SL", "SS", "SV", "UL", "US", "UV", "AT"), 0),
    **dict.fromkeys(("OB", "OW", "OD", "OF", "OL", "OV", "UN"), bytes(8)),
}


def dummy(element: DataElement) -> DataElement:
    """Put as many dummies of the same representation in the values' place.

    Parameters
    ----------
    element : DataElement
        No sequence and no UID.

    Returns
    -------
    DataElement
        Without a value where there was none.
    """
    count = len(several(element))
    values = [_DUMMIES[element.VR]] * count
    made = None if not values else values if count > 1 else values[0]
    return DataElement(element.tag, element.VR, made)


def empty(element: DataElement) -> DataElement:
    """Leave the value out."""
    return DataElement(element.tag, element.VR, [] if element.VR == "SQ" else None)
