"""Images in one folder for training and measuring the anatomy network."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hilum.datasets.chest_xray import find_radiographs
from hilum.datasets.csv_cells import read_cells
from hilum.datasets.organ_masks import MASKS, SOURCES, find_masked_samples
from hilum.datasets.public.chest_xray import CHEST_XRAY
from hilum.datasets.public.nih_chestxray14 import NIH_CHESTXRAY14
from hilum.datasets.splits import split_by_patient
from hilum.errors import DatasetError
from hilum.models.anatomy.picture import PictureKind
from hilum.models.card import DataCredit
from hilum.populations import ADULT_YEARS

MASKED = "anatomy"
CHILDREN = "chest_xray"
LUNGS = "chest_xray_lung_masks"
OTHERS = "not_frontal_chest"
_NIH = NIH_CHESTXRAY14.name
_NIH_TABLE = "Data_Entry_2017_v2020.csv"
_PUBLIC = (*SOURCES, CHEST_XRAY, NIH_CHESTXRAY14)
_LUNG_MASKS = DataCredit(
    name="Lung masks of children, V7 COVID-19 X-ray data set",
    licence="CC BY 4.0",
    source="V7 Labs, covid-19-xray-dataset",
    citation="V7 Labs. COVID-19 X-ray dataset, 2020: lungs outlined by people on films of Kermany "
    "et al.",
)
_OTHER_PICTURES = DataCredit(
    name="Pictures that are to be refused: hands, spines, CT slices, lateral chest radiographs",
    licence="of each picture by itself, several without a clear one; none of them is shipped",
    source="RSNA Bone Age 2017, a set of spine radiographs, covid-chestxray-dataset",
    citation="Halabi et al., Radiology 290(2), 2019; Cohen et al., arXiv 2006.11988",
)
_PICTURES = frozenset({".jpeg", ".jpg", ".png"})
_OLDEST_YEARS = 120


@dataclass(frozen=True, slots=True)
class AnatomyFilm:
    """An image with its labels.

    Attributes
    ----------
    source : str
        The data set's folder.
    masks : tuple of Path
        Of right lung, left lung and heart; or one of both lungs with what of them lies behind
        the heart; or none.
    is_adult, is_ap : bool or None
        None where that is not known.
    """

    path: Path
    source: str
    patient: str
    kind: PictureKind = PictureKind.FRONTAL_CHEST
    masks: tuple[Path, ...] = ()
    is_adult: bool | None = None
    is_ap: bool | None = None

    @property
    def dataset(self) -> str:
        """The folder of its data set: those with organ masks have one together."""
        return MASKED if len(self.masks) == len(MASKS) else self.source

    @property
    def stratum(self) -> str:
        """What each part of a split has its share of."""
        return f"{self.source} {self.kind} {len(self.masks)} {self.is_adult} {self.is_ap}"


def find_anatomy_films(data: Path) -> list[AnatomyFilm]:
    """List the pictures of all data sets below a folder.

    Parameters
    ----------
    data : Path
        With ``anatomy/{jsrt,wingspan}``, or these two folders themselves; and where they are
        there ``chest_xray``, ``chest_xray_lung_masks``, ``nih_chestxray14`` and
        ``not_frontal_chest``.

    Raises
    ------
    DatasetError
        There are no films with organ masks, or what is wrong with a data set.
    """
    films = [
        AnatomyFilm(
            each.path, SOURCES[each.label].name, each.patient, masks=each.masks, is_adult=True
        )
        for each in find_masked_samples(data / MASKED if (data / MASKED).is_dir() else data)
    ]
    return [
        *films,
        *_children(data),
        *_adults(data / _NIH),
        *_others(data / OTHERS),
    ]


def film_hash(path: Path) -> str:
    """First digits of the SHA-256 of a file's bytes: enough to know it again."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def credits_of(films: Sequence[AnatomyFilm]) -> tuple[DataCredit, ...]:
    """Credits of the data sets of these films."""
    sources = {film.source for film in films}
    lungs = any(len(film.masks) == 1 for film in films)
    return (
        *(each.credit for each in _PUBLIC if each.name in sources),
        *((_LUNG_MASKS,) if lungs else ()),
        *((_OTHER_PICTURES,) if OTHERS in sources else ()),
    )


def split_films(
    films: Sequence[AnatomyFilm], shares: dict[str, float], *, seed: int
) -> dict[str, list[AnatomyFilm]]:
    """Split by patient, each data set by itself, its kinds in equal shares.

    See `hilum.datasets.splits.split_by_patient`.
    """
    parts: dict[str, list[AnatomyFilm]] = {name: [] for name in ("train", *shares)}
    for name in dict.fromkeys(film.dataset for film in films):
        own = [film for film in films if film.dataset == name]
        strata = sorted({film.stratum for film in own})
        split = split_by_patient(
            [strata.index(film.stratum) for film in own],
            [film.patient for film in own],
            shares,
            seed=seed,
            names=strata,
        )
        for part, indices in split.items():
            parts[part] += [own[index] for index in indices]
    return parts


def _children(data: Path) -> list[AnatomyFilm]:
    if not (data / CHILDREN).is_dir():
        return []
    found = find_radiographs(data / CHILDREN)
    drawn = data / LUNGS
    films = []
    for path, patient in zip(found["path"], found["patient"], strict=True):
        mask = drawn / f"{path.stem}.png"
        masks = (mask,) if mask.is_file() else ()
        films.append(AnatomyFilm(path, CHILDREN, patient, masks=masks, is_adult=False))
    return films


def _adults(folder: Path) -> list[AnatomyFilm]:
    """NIH's, with age and view by its table; some are of patients under 18."""
    if not (folder / _NIH_TABLE).is_file():
        return []
    columns = ("image index", "patient id", "patient age", "view position")
    rows = read_cells(folder / _NIH_TABLE, columns, ())
    by_stem = {
        path.stem: path
        for path in sorted(folder.glob("images*/*"))
        if path.suffix.lower() in _PICTURES and not path.name.startswith(".")
    }
    films = []
    for name, patient, age, view in rows[list(columns)].itertuples(index=False):
        path = by_stem.get(Path(name).stem)
        if path is None:
            continue
        years = int(age) if age.isdigit() else None
        is_adult = None if years is None or years > _OLDEST_YEARS else years >= ADULT_YEARS
        is_ap = {"AP": True, "PA": False}.get(view)
        films.append(AnatomyFilm(path, _NIH, patient, is_adult=is_adult, is_ap=is_ap))
    return films


_KINDS = {
    "hand": PictureKind.LIMB,
    "spine": PictureKind.SPINE,
    "ct": PictureKind.CT,
    "lateral_chest": PictureKind.LATERAL_CHEST,
}


def _others(folder: Path) -> list[AnatomyFilm]:
    if not folder.is_dir():
        return []
    films = []
    for each in sorted(path for path in folder.iterdir() if path.is_dir()):
        if each.name not in _KINDS:
            raise DatasetError(
                f"{folder} has a folder {each.name}, which is none of {', '.join(_KINDS)}."
            )
        films += [
            AnatomyFilm(path, OTHERS, f"{each.name}/{path.stem}", kind=_KINDS[each.name])
            for path in sorted(each.iterdir())
            if path.suffix.lower() in _PICTURES and not path.name.startswith(".")
        ]
    return films
