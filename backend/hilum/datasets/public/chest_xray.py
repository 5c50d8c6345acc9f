"""Paediatric data set of Kermany et al. on Mendeley Data and Kaggle, and its file names."""

import re
from pathlib import Path, PurePosixPath

from hilum.datasets.downloads import Origin, RemoteFile, Source
from hilum.datasets.public.descriptor import PublicDataset
from hilum.findings import Finding
from hilum.models.card import DataCredit

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


_PNEUMONIA_NAME = re.compile(r"(person\d+)_(bacteria|virus)_\d+", re.IGNORECASE)
_NORMAL_NAME = re.compile(r"((?:NORMAL2-)?IM-\d+)-\d+", re.IGNORECASE)


def told_by_name(path: Path) -> tuple[Finding, str] | None:
    """Finding and patient from a file's name in this data set; None if it has neither."""
    if match := _PNEUMONIA_NAME.match(path.stem):
        person, cause = match.group(1).lower(), match.group(2).lower()
        # Numbers restart for each cause: person1 of bacteria is not person1 of virus.
        finding = Finding.BACTERIAL_PNEUMONIA if cause == "bacteria" else Finding.VIRAL_PNEUMONIA
        return finding, f"{person}_{cause}"
    if match := _NORMAL_NAME.match(path.stem):
        return Finding.NORMAL, match.group(1).upper()
    return None


def series_by_name(path: Path) -> str | None:
    """Series of a normal film, by its name: ``IM`` or ``NORMAL2-IM``; None for other names."""
    match = _NORMAL_NAME.match(path.stem)
    return match.group(1).upper().rpartition("-")[0] if match else None


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

SOURCE = Source(
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
)

_CREDIT = DataCredit(
    name="Chest X-Ray Images (Pneumonia), paediatric, Guangzhou",
    licence="CC BY 4.0",
    source="Mendeley Data, doi:10.17632/rscbjbr9sj.2",
    citation="Kermany, Goldbaum, et al. Identifying Medical Diagnoses and Treatable Diseases by "
    "Image-Based Deep Learning. Cell 172(5), 2018, doi:10.1016/j.cell.2018.02.010",
)

CHEST_XRAY = PublicDataset(
    name=SOURCE.name,
    credit=_CREDIT,
    source=SOURCE,
    findings=(Finding.NORMAL, Finding.BACTERIAL_PNEUMONIA, Finding.VIRAL_PNEUMONIA),
    tell=told_by_name,
    series=series_by_name,
)
