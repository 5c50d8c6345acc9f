"""What can be fetched from the public, by name: data sets, and weights to start from."""

from collections.abc import Mapping
from types import MappingProxyType

from hilum.errors import DataSourceError
from hilum.training.sources.kermany import KERMANY
from hilum.training.sources.mobilenet import MOBILENET_V2
from hilum.training.sources.nih import NIH_CHESTXRAY14
from hilum.training.sources.source import Source

SOURCES: Mapping[str, Source] = MappingProxyType(
    {source.name: source for source in (KERMANY, NIH_CHESTXRAY14, MOBILENET_V2)}
)


def find_source(name: str) -> Source:
    """Look a data set up by its code.

    Parameters
    ----------
    name : str
        Key of `SOURCES`.

    Returns
    -------
    Source

    Raises
    ------
    DataSourceError
        There is no data set of that name.
    """
    try:
        return SOURCES[name]
    except KeyError:
        known = ", ".join(SOURCES)
        raise DataSourceError(
            f"There is no public data set named {name!r}. Known ones: {known}."
        ) from None


def how_to_get(name: str) -> str:
    """Say how to get a data set, for commands that find it absent.

    Parameters
    ----------
    name : str
        Key of `SOURCES`.

    Returns
    -------
    str
        Three lines.

    Raises
    ------
    DataSourceError
        There is no data set of that name.
    """
    source = find_source(name)
    return (
        f"Get it with: hilum data {source.name} --to DIR\n"
        f"or by hand from {source.homepage} ({source.licence}).\n"
        f"Expected layout: DIR/{source.layout}"
    )
