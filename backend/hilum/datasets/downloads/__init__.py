"""Download and verify public data sets and starting weights.

::

    source                                 addresses, checksums, licences of one data set
    source ◄ {download ◄ partial, archive, receipts, kaggle}
    fetching                               the whole command

`download` brings one file, resumably; `archive` unpacks it with suspicion; `receipts` remembers
what was verified. The sources themselves are in `hilum.datasets.public`, and beside the networks
that start from them in `hilum.architectures`. How each address and checksum was confirmed is in
``docs/data.md``.
"""

from hilum.datasets.downloads.fetching import fetch
from hilum.datasets.downloads.source import Origin, RemoteFile, Source

__all__ = ["Origin", "RemoteFile", "Source", "fetch"]
