"""Type of the descriptors of public data sets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hilum.datasets.downloads import Source
from hilum.datasets.label_table import LabelTable
from hilum.datasets.spelling import NameRule
from hilum.findings import Finding
from hilum.models.card import DataCredit


@dataclass(frozen=True, slots=True)
class BoxTable:
    """How a data set's table of boxes is spelt.

    Attributes
    ----------
    image, finding : str
        Columns with the picture's name and the finding, in lower case.
    box : tuple of str
        Columns with x, y, width and height; or one column with a list of such boxes, as JSON.
    original_px : int
        Side of the pictures whose pixels the boxes are in.
    spelt : mapping of Finding to mapping of str to frozenset of str
        For each finding, groups of the table's findings that are boxes of it: the group's title,
        and how the table spells them.
    patient : callable
        From a picture's name without its ending to its patient.
    """

    filename: str
    image: str
    finding: str
    box: tuple[str, str, str, str] | tuple[str]
    original_px: int
    spelt: Mapping[Finding, Mapping[str, frozenset[str]]]
    patient: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class PublicDataset:
    """A public data set.

    Attributes
    ----------
    credit : DataCredit
        What the card of a model trained on it has to name.
    source : Source or None
        Where it is fetched from; None where it has to be asked for.
    findings : tuple of Finding
        Those that it tells apart, in the order of a classifier's outputs.
    tell : NameRule or None
        What its file names tell; used for its folder, and for folders of no data set.
    series : callable or None
        Tells from a file's name in which series of films the radiograph was acquired; None where
        the name does not tell.
    boxes : tuple of BoxTable
        Tables of boxes that radiologists drew.
    labels : LabelTable or None
        Its table of labels; None where folders or names tell them.
    """

    name: str
    credit: DataCredit
    source: Source | None = None
    findings: tuple[Finding, ...] = ()
    tell: NameRule | None = None
    series: Callable[[Path], str | None] | None = None
    boxes: tuple[BoxTable, ...] = ()
    labels: LabelTable | None = None
