"""Where each public data set lives: addresses, sizes, checksums, licences, layouts.

How every address and checksum here was confirmed is written down in ``docs/data.md``. One that
could not be confirmed is absent, and the file is then verified by what it holds itself.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType

from hilum.errors import DataSourceError

Place = Callable[[PurePosixPath], PurePosixPath | None]
"""Maps an archive member's path to its path in the data set's folder, or to None to skip it."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file at its public address.

    Attributes
    ----------
    url : str
    filename : str
        What it is called on disk.
    size_bytes : int or None
        Its published size, None where none was confirmed.
    checksum : tuple of (str, str) or None
        Name of the hash algorithm and lower-case hexadecimal digest, None where none is published.
    """

    url: str
    filename: str
    size_bytes: int | None = None
    checksum: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """One place that a data set can be fetched from.

    Attributes
    ----------
    name : str
        What ``--from`` takes.
    homepage : str
        Page for people.
    archives : tuple of RemoteFile
        In the order in which ``--parts`` counts them, from 1.
    place : Place
        Where an archive's members go.
    tables : tuple of RemoteFile
        Plain files that lie beside the pictures.
    needs_kaggle_token : bool
    """

    name: str
    homepage: str
    archives: tuple[RemoteFile, ...]
    place: Place
    tables: tuple[RemoteFile, ...] = ()
    needs_kaggle_token: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A public data set.

    Attributes
    ----------
    name : str
        Its code, and the name of its folder.
    title, licence, citation, homepage : str
        What a model card trained on it has to name.
    layout : str
        What lies in its folder, in one line.
    pictures : int
        How many radiographs the complete set is published to have.
    origins : tuple of Origin
        The first is the default.
    """

    name: str
    title: str
    licence: str
    citation: str
    homepage: str
    layout: str
    pictures: int
    origins: tuple[Origin, ...]


_KERMANY_MEMBER = re.compile(
    r"(?:^|/)chest_xray/(train|test|val)/(NORMAL|PNEUMONIA)/([^/]+\.(?:jpe?g|png))$"
)


def place_kermany(member: PurePosixPath) -> PurePosixPath | None:
    """Place a member of the Mendeley or Kaggle archive, whichever way it is nested.

    Parameters
    ----------
    member : PurePosixPath
        Path in the archive. Kaggle's holds the whole set twice, as ``chest_xray/`` and
        ``chest_xray/chest_xray/``, and Finder's ``__MACOSX`` leftovers.

    Returns
    -------
    PurePosixPath or None
        ``train/NORMAL/….jpeg`` and the like.
    """
    found = _KERMANY_MEMBER.search(member.as_posix())
    if found is None or "__MACOSX" in member.parts or member.name.startswith("."):
        return None
    return PurePosixPath(*found.groups())


def place_nih(member: PurePosixPath) -> PurePosixPath | None:
    """Place a member of an NIH archive: ``images/….png``.

    Parameters
    ----------
    member : PurePosixPath
        Path in the archive.

    Returns
    -------
    PurePosixPath or None
    """
    if member.suffix != ".png" or member.name.startswith("."):
        return None
    return PurePosixPath("images", member.name)


_MENDELEY = Origin(
    name="mendeley",
    homepage="https://data.mendeley.com/datasets/rscbjbr9sj/2",
    archives=(
        RemoteFile(
            "https://data.mendeley.com/public-files/datasets/rscbjbr9sj/files/"
            "f12eaf6d-6023-432f-acc9-80c9d7393433/file_downloaded",
            "ChestXRay2017.zip",
            1_235_512_464,
            ("sha256", "13efc055629733dbab07877f8b3c9f81097840dbcdaa326a8542322c2281ce36"),
        ),
    ),
    place=place_kermany,
)

_KAGGLE = Origin(
    name="kaggle",
    homepage="https://www.kaggle.com/datasets/paultimothymooney/chest-xray-pneumonia",
    archives=(
        RemoteFile(
            "https://www.kaggle.com/api/v1/datasets/download/"
            "paultimothymooney/chest-xray-pneumonia",
            "chest-xray-pneumonia.zip",
        ),
    ),
    place=place_kermany,
    needs_kaggle_token=True,
)

# From NIH's batch_download_zips.py; the MD5 sums from NIH's FAQ_CHESTXRAY.pdf, question 7.
_NIH_ARCHIVES = (
    ("vfk49d74nhbxq3nqjg0900w5nvkorp5c", 2_008_470_987, "fe8ed0a6961412fddcbb3603c11b3698"),
    ("i28rlmbvmfjbl8p2n3ril0pptcmcu9d1", 3_952_623_504, "ab07a2d7cbe6f65ddd97b4ed7bde10bf"),
    ("f1t00wrtdk94satdfb9olcolqx20z2jp", 3_929_234_850, "2301d03bde4c246388bad3876965d574"),
    ("0aowwzs5lhjrceb3qp67ahp0rd1l1etg", 3_838_903_983, "9f1b7f5aae01b13f4bc8e2c44a4b8ef6"),
    ("v5e3goj22zr6h8tzualxfsqlqaygfbsn", 3_935_496_531, "1861f3cd0ef7734df8104f2b0309023b"),
    ("asi7ikud9jwnkrnkj99jnpfkjdes7l6l", 3_986_301_172, "456b53a8b351afd92a35bc41444c58c8"),
    ("jn1b4mw4n6lnh74ovmcjb8y48h8xj07n", 4_016_328_426, "1075121ea20a137b87f290d6a4a5965e"),
    ("tvpxmn7qyrgl0w8wfh9kqfjskv6nmm1j", 4_018_347_353, "b61f34cec3aa69f295fbb593cbd9d443"),
    ("upyy3ml7qdumlgk2rfcvlb9k6gvqq2pj", 4_111_327_929, "442a3caa61ae9b64e61c561294d1e183"),
    ("l6nilvfa9cg3s28tqv1qc1olm3gnz54p", 4_181_556_296, "09ec81c4c31e32858ad8cf965c494b74"),
    ("hhq8fkdgvcari67vfhs7ppg2w6ni4jze", 4_187_084_020, "499aefc67207a5a97692424cf5dbeed5"),
    ("ioqwiy20ihqwyr8pf4c24eazhh281pbu", 2_914_187_733, "dc9fda1757c2de0032b63347a7d2895c"),
)

_NIH_TABLES = (
    (
        "Data_Entry_2017_v2020.csv",
        "219760887468",
        9_003_496,
        "c69a6daca3549af707ca9cacbdf9f9a7b6a9188e8c61157df653520bb72d8eb1",
    ),
    (
        "BBox_List_2017.csv",
        "219760940956",
        92_416,
        "0bbfea9d4c4e9771481b3023b1bc9f0df9dea924453b12986beb29b0c4d0c95b",
    ),
    (
        "train_val_list.txt",
        "256056636701",
        1_470_907,
        "61fbe896321c1c1c8b75f3e4f3a08e4fef6486d95ef8a667c31d4d60dca6cb81",
    ),
    (
        "test_list.txt",
        "256055473534",
        435_131,
        "38ca5ef7f756092946f57c1a59faca882ed589a1ab1f72590b45dc06c6d5e1cc",
    ),
)

_NIH = Origin(
    name="nih",
    homepage="https://nihcc.app.box.com/v/ChestXray-NIHCC",
    archives=tuple(
        RemoteFile(
            f"https://nihcc.box.com/shared/static/{link}.gz",
            f"images_{part:03d}.tar.gz",
            size_bytes,
            ("md5", md5),
        )
        for part, (link, size_bytes, md5) in enumerate(_NIH_ARCHIVES, start=1)
    ),
    place=place_nih,
    tables=tuple(
        RemoteFile(
            "https://nihcc.app.box.com/index.php?rm=box_download_shared_file"
            f"&vanity_name=ChestXray-NIHCC&file_id=f_{file_id}",
            filename,
            size_bytes,
            ("sha256", sha256),
        )
        for filename, file_id, size_bytes, sha256 in _NIH_TABLES
    ),
)

SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "chest_xray": Source(
            name="chest_xray",
            title="Chest X-Ray Images (Pneumonia), children of 1 to 5 years, Guangzhou",
            licence="CC BY 4.0",
            citation="Kermany, Zhang, Goldbaum. Labeled Optical Coherence Tomography (OCT) and "
            "Chest X-Ray Images for Classification. Mendeley Data, v2, 2018, "
            "doi:10.17632/rscbjbr9sj.2; Kermany, Goldbaum, et al. Cell 172(5), 2018, "
            "doi:10.1016/j.cell.2018.02.010",
            homepage=_MENDELEY.homepage,
            layout="chest_xray/{train,test}/{NORMAL,PNEUMONIA}/*.jpeg",
            pictures=5856,
            origins=(_MENDELEY, _KAGGLE),
        ),
        "nih_chestxray14": Source(
            name="nih_chestxray14",
            title="NIH ChestX-ray14, adults, 14 findings mined from reports",
            licence="free use; link to the download site, acknowledge the NIH Clinical Center "
            "and cite the CVPR 2017 paper",
            citation="Wang, Peng, Lu, Lu, Bagheri, Summers. ChestX-ray8: Hospital-Scale Chest "
            "X-Ray Database and Benchmarks. CVPR 2017, doi:10.1109/CVPR.2017.369",
            homepage=_NIH.homepage,
            layout="nih_chestxray14/images/*.png with Data_Entry_2017_v2020.csv, "
            "BBox_List_2017.csv, train_val_list.txt and test_list.txt beside images",
            pictures=112_120,
            origins=(_NIH,),
        ),
    }
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
