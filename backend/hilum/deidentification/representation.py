"""Value representations from the dictionary, independent of the file."""

from pydicom import DataElement, Dataset
from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.tag import BaseTag

from hilum.deidentification.values import NUMBERS, TEXT
from hilum.errors import CorruptImageError
from hilum.imaging.dicom.bounded import is_shortened, with_known_representation
from hilum.imaging.dicom.damage import DAMAGE, DAMAGED

_WRITTEN = TEXT | {"AS", "CS", "DA", "DS", "DT", "IS", "TM", "UI"}
_NUMBERS = frozenset({*NUMBERS, "DS", "IS"})


def is_standard(tag: BaseTag) -> bool:
    """Whether the standard knows an attribute, and it is one of a data set.

    Group lengths, commands, file meta, directories, and groups that repeat (overlays, curves)
    are none.
    """
    return tag.group > 0x0004 and tag.element != 0 and dictionary_has_tag(tag)


def representations(tag: BaseTag) -> list[str]:
    """Value representations that an attribute may have (PS3.6)."""
    return dictionary_VR(tag).split(" or ")


def known_element(dataset: Dataset, tag: BaseTag) -> DataElement | None:
    """Read an element by its representation in the dictionary.

    Parameters
    ----------
    dataset : Dataset
        As it was parsed.
    tag : BaseTag
        Of an attribute that `is_standard`.

    Returns
    -------
    DataElement or None
        None where its value cannot be read as what it should be.

    Raises
    ------
    CorruptImageError
        The element is cut short.
    """
    raw, allowed = dataset.get_item(tag), representations(tag)
    if isinstance(raw, RawDataElement):
        if is_shortened(raw):
            raise CorruptImageError(DAMAGED)
        raw = with_known_representation(raw)
        if raw.VR and raw.VR not in allowed and {raw.VR, allowed[0]} <= _WRITTEN:
            raw = raw._replace(VR=allowed[0])
        dataset[tag] = raw
    element = _read(dataset, tag)
    if (element is None or "or" in element.VR) and raw.VR is None and len(allowed) > 1:
        # What it depends on, such as Pixel Representation, is missing.
        dataset[tag] = raw._replace(VR=allowed[0])
        element = _read(dataset, tag)
    if element is None or element.VR in allowed:
        return element
    if {element.VR, allowed[0]} <= _NUMBERS:
        try:
            return DataElement(tag, allowed[0], element.value)
        except DAMAGE:
            return None
    return None


def _read(dataset: Dataset, tag: BaseTag) -> DataElement | None:
    try:
        return dataset[tag]
    except DAMAGE:
        return None
