"""Fetches public data sets and starting weights from their homes, verified, as Hilum reads them.

::

    source ◄ {kermany, nih, mobilenet} ◄ catalogue    what there is: addresses, checksums, licences
    source ◄ {download ◄ partial, archive, receipts, kaggle}
    fetching                               the whole command

`download` brings one file, resumably; `archive` unpacks it with suspicion; `receipts` remembers
what was verified. How each address and checksum was confirmed is in ``docs/data.md``.
"""

from hilum.training.sources.catalogue import SOURCES, how_to_get
from hilum.training.sources.fetching import fetch
from hilum.training.sources.mobilenet import MOBILENET_V2
from hilum.training.sources.source import Source

__all__ = ["MOBILENET_V2", "SOURCES", "Source", "fetch", "how_to_get"]
