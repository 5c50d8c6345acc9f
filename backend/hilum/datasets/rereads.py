"""Labels of radiologists who read images of a data set again."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hilum.datasets.csv_cells import read_cells
from hilum.errors import DatasetError
from hilum.findings import Finding
from hilum.models.card import DataCredit
from hilum.words.counts import agreeing, counted, first_few

TABLE = "radiologists_rereads.csv"
"""Of ChestX-ray14: the classes of the RSNA challenge (Shih et al., Radiology: AI 2019) and the four
findings of Majkowska et al., Radiology 2020."""

_IMAGE = "image index"
_OPACITY = (Finding.PNEUMONIA, Finding.CONSOLIDATION, Finding.INFILTRATION)


@dataclass(frozen=True, slots=True)
class RereadLabel:
    """A label of the radiologists.

    Attributes
    ----------
    words : str
        For people.
    column : str
        Of the table.
    answers : mapping of str to bool
        What its values mean; others, and no value, are unknown.
    findings : tuple of Finding
        Findings that mean nearly the same.
    is_same : bool
        They mean the same, so that one may be learned in place of the other.
    """

    words: str
    column: str
    answers: Mapping[str, bool]
    findings: tuple[Finding, ...]
    is_same: bool = False


_RSNA = ("Normal", "Lung Opacity", "No Lung Opacity / Not Normal")
_YES_NO = {"YES": True, "NO": False}

REREAD_LABELS = (
    RereadLabel(
        "RSNA 2018, not normal",
        "rsna_class",
        {value: value != "Normal" for value in _RSNA},
        (Finding.ABNORMAL,),
        is_same=True,
    ),
    RereadLabel(
        "RSNA 2018, lung opacity",
        "rsna_class",
        {value: value == "Lung Opacity" for value in _RSNA},
        _OPACITY,
    ),
    RereadLabel("Majkowska 2020, airspace opacity", "google4_airspace_opacity", _YES_NO, _OPACITY),
    RereadLabel(
        "Majkowska 2020, nodule or mass",
        "google4_nodule_mass",
        _YES_NO,
        (Finding.NODULE, Finding.MASS),
    ),
    RereadLabel(
        "Majkowska 2020, pneumothorax", "google4_pneumothorax", _YES_NO, (Finding.PNEUMOTHORAX,)
    ),
    RereadLabel("Majkowska 2020, fracture", "google4_fracture", _YES_NO, ()),
)

CREDIT = DataCredit(
    name="Radiologists' readings of some images of ChestX-ray14",
    licence="free use for research, with attribution",
    source="doi:10.1148/ryai.2019180041, doi:10.1148/radiol.2019191293",
    citation="Shih et al., Radiology: AI 2019 (RSNA 2018 challenge); Majkowska et al., Radiology "
    "2020",
)


def read_rereads(folder: Path) -> pd.DataFrame | None:
    """The table of a data set, by the stems of its images; None if it has none.

    Raises
    ------
    DatasetError
        A column is missing, or an image has several rows.
    """
    table = folder / TABLE
    if not table.is_file():
        return None
    columns = tuple(dict.fromkeys(label.column for label in REREAD_LABELS))
    cells = read_cells(table, (_IMAGE, *columns), ())
    stems = cells[_IMAGE].map(lambda name: Path(name).stem)
    twice = sorted(set(stems[stems.duplicated()]))
    if twice:
        have = agreeing(len(twice), "has", "have")
        raise DatasetError(
            f"{counted(len(twice), 'image')} in {TABLE} {have} several rows: {first_few(twice)}. "
            "Keep one."
        )
    return cells.set_index(stems)


def reread_counts(rereads: pd.DataFrame, stems: list[str]) -> dict[str, dict[str, int]]:
    """Number of images that radiologists read, and of positive ones, by the words of the label."""
    answers = {label.words: reread_answers(rereads, label, stems) for label in REREAD_LABELS}
    return {
        words: {"images": int((~np.isnan(each)).sum()), "positives": int((each == 1).sum())}
        for words, each in answers.items()
    }


def reread_answers(
    rereads: pd.DataFrame, label: RereadLabel, stems: list[str]
) -> NDArray[np.float64]:
    """Answer of the radiologists on each image: 1, 0, or not a number where it is unknown."""
    given = rereads[label.column].map(dict(label.answers))
    known = given.reindex(stems).astype("Float64")
    return np.asarray(known.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)
