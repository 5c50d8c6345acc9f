"""The paediatric data set of Kermany et al., on Mendeley Data and on Kaggle."""

import re
from pathlib import PurePosixPath

from hilum.training.sources.source import Origin, RemoteFile, Source

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

KERMANY = Source(
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
