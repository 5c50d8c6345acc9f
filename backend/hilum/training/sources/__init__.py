"""Fetches the public data sets from their homes, verified and in the layout Hilum reads.

::

    source ◄ {kermany, nih} ◄ catalogue    what there is: addresses, checksums, licences
    source ◄ {download ◄ partial, archive, receipts, kaggle}
    fetching                               the whole command

`download` brings one file, resumably; `archive` unpacks it with suspicion; `receipts` remembers
what was verified. How each address and checksum was confirmed is in ``docs/data.md``.
"""

from hilum.training.sources.catalogue import SOURCES, how_to_get
from hilum.training.sources.fetching import fetch
from hilum.training.sources.source import Source

__all__ = ["SOURCES", "Source", "fetch", "how_to_get"]
