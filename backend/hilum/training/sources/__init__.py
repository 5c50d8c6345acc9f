"""Fetches the public data sets from their homes, verified and in the layout Hilum reads.

::

    catalogue ◄ download, receipts, kaggle ◄ fetching
    archive                                ◄ fetching

`catalogue` holds every address and checksum; `download` brings one file, resumably;
`archive` unpacks it with suspicion; `receipts` remembers what was verified; `fetching` is the
whole command.
"""

from hilum.training.sources.catalogue import SOURCES, Source, how_to_get
from hilum.training.sources.fetching import fetch

__all__ = ["SOURCES", "Source", "fetch", "how_to_get"]
