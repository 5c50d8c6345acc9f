"""Labelled radiographs: the type of their table, and facts about the set."""

from dataclasses import dataclass

import pandas as pd
import pandera.pandas as pa

from hilum.datasets.labels import LABEL_TYPE
from hilum.datasets.spelling import SUBGROUPS
from hilum.findings import Finding

RADIOGRAPHS = pa.DataFrameSchema(
    {
        "path": pa.Column(object, description="`Path` of the file."),
        "name": pa.Column(
            str,
            unique=True,
            description="In messages and reports: the path below the data's folder.",
        ),
        **{
            finding.value: pa.Column(
                LABEL_TYPE,
                nullable=True,
                required=False,
                description="Whether it is present; missing where that is unknown.",
            )
            for finding in Finding
        },
        "patient": pa.Column(
            str,
            pa.Check.str_length(min_value=1),
            description="Radiographs of one patient are never taken as independent.",
        ),
        **{
            kind: pa.Column(
                pd.CategoricalDtype(list(groups)),
                required=False,
                description="Where the data states it; see `hilum.datasets.spelling.subgroup`.",
            )
            for kind, groups in SUBGROUPS.items()
        },
    },
    strict=True,
    coerce=True,
)
"""Columns of a table of labelled radiographs, one row for each; the index has no meaning."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A radiograph that is not in the figures, and why.

    Attributes
    ----------
    reason : str
        Text for users.
    """

    name: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class LabelledSet:
    """The radiographs of one split.

    Attributes
    ----------
    radiographs : DataFrame
        Columns as `RADIOGRAPHS` has them.
    knows_patients : bool
        If False, each radiograph is treated as a separate patient.
    cautions : tuple of str
        Cautions for figures on these radiographs, as sentences.
    uncertain : frozenset of (str, Finding)
        Names of radiographs and findings that are labelled as uncertain; missing in `radiographs`.

    Raises
    ------
    pandera.errors.SchemaError, pandera.errors.SchemaErrors
        The table does not fit its schema, which a reader of data has to rule out first.
    """

    radiographs: pd.DataFrame
    left_out: tuple[LeftOut, ...] = ()
    knows_patients: bool = True
    cautions: tuple[str, ...] = ()
    uncertain: frozenset[tuple[str, Finding]] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "radiographs", RADIOGRAPHS.validate(self.radiographs))
