"""A data set in the DICOM JSON model (PS3.18 F.2)."""

import json
from collections.abc import Callable
from typing import Any

from pydicom import DataElement, Dataset

from hilum.imaging.dicom.damage import DAMAGE

_MOST_INLINE_BYTES = 1024


def dicom_json(
    dataset: Dataset, bulk_address: Callable[[DataElement], str] | None = None
) -> dict[str, Any]:
    """Write a data set in the DICOM JSON model, less elements that it cannot hold.

    Parameters
    ----------
    bulk_address : callable, optional
        Where the value of an element over 1024 bytes is found; without it, it stands inline.

    Returns
    -------
    mapping
        By tags of eight hexadecimal digits; numbers are finite.

    Notes
    -----
    pydicom's own ``suppress_invalid_tags`` changes how values are read in all threads.
    """
    found: dict[str, Any] = {}
    for tag in dataset.keys():  # noqa: SIM118 - a data set yields elements, and decodes them all
        try:
            written = dataset[tag].to_json_dict(bulk_address, _MOST_INLINE_BYTES)
            json.dumps(written, allow_nan=False)
        except (*DAMAGE, NotImplementedError):
            continue
        found[f"{tag:08X}"] = written
    return found
