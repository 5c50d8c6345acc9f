"""A descriptor for each public data set that Hilum knows.

A data set is added as a module here and named in `DATASETS`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from hilum.datasets.public.chest_xray import CHEST_XRAY
from hilum.datasets.public.descriptor import BoxTable, PublicDataset
from hilum.datasets.public.jsrt import JSRT
from hilum.datasets.public.nih_chestxray14 import NIH_CHESTXRAY14
from hilum.datasets.public.wingspan import WINGSPAN

DATASETS: Mapping[str, PublicDataset] = MappingProxyType(
    {each.name: each for each in (CHEST_XRAY, NIH_CHESTXRAY14, JSRT, WINGSPAN)}
)

__all__ = [
    "CHEST_XRAY",
    "DATASETS",
    "JSRT",
    "NIH_CHESTXRAY14",
    "WINGSPAN",
    "BoxTable",
    "PublicDataset",
]
