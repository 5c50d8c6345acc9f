"""Descriptions of tables of labels as data sets publish them."""

import re
import tomllib
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from hilum.errors import DatasetError
from hilum.findings import Finding
from hilum.words.counts import first_few

_Column = str


class LabelTable(BaseModel):
    """How a table of labels is spelt; what a mapping file holds.

    Names of columns may be in any case.

    Attributes
    ----------
    file : str
        Pattern of the table's name, from the data's folder.
    image : str
        Column with the image's path or name. Images are found by their path below `images`, by
        their name, or by their name without its ending.
    images : str
        Pattern of the folders of images, from the data's folder.
    patient : str or None
        Column of the patient; or, with `patient_pattern`, the column that it is found in.
    patient_pattern : str or None
        Regular expression whose first group is the patient.
    labels, separator : str
        Column with the findings of an image, and what separates them. None: each finding has a
        column, with 1 (present), 0 (absent), -1 (uncertain) or nothing (unknown).
    findings : mapping of Finding to str or tuple of str
        Columns of the findings; or, with `labels`, their words in that column, one or several.
    ignored : tuple of str
        Other words in `labels`.
    other_words : {"refused", "ignored"}
        What becomes of words in `labels` that neither `findings` nor `ignored` name.
    rows : {"images", "readers"}
        What a row is of: an image, or one reader's labels of an image. Of several readers, a
        finding is present where more than half say so, and uncertain where half do.
    age, sex, view, split : str or None
        Columns.
    split_lists : mapping of str to str
        By split, a file with the names of its images, one in a line.
    only : mapping of str to str
        Columns and the value that a row must have to be read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    image: _Column
    images: str = "."
    patient: _Column | None = None
    patient_pattern: str | None = None
    labels: _Column | None = None
    separator: str = "|"
    findings: dict[Finding, str | tuple[str, ...]] = Field(min_length=1)
    ignored: tuple[str, ...] = ()
    other_words: Literal["refused", "ignored"] = "refused"
    rows: Literal["images", "readers"] = "images"
    age: _Column | None = None
    sex: _Column | None = None
    view: _Column | None = None
    split: _Column | None = None
    split_lists: dict[str, str] = Field(default={})
    only: dict[str, str] = Field(default={})

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        said = [_as_tuple(each) for each in self.findings.values()]
        if len(self.words) < sum(map(len, said)):
            raise ValueError("two findings have the same column or word")
        if not all(said):
            raise ValueError("a finding has no word")
        if self.labels is None and max(map(len, said)) > 1:
            raise ValueError("several words for a finding need labels, the column with them")
        if self.rows == "readers" and self.labels is not None:
            raise ValueError("rows of readers need a column for each finding")
        if self.patient_pattern is not None:
            if self.patient is None:
                raise ValueError("patient_pattern needs patient, the column that it is found in")
            try:
                groups = re.compile(self.patient_pattern).groups
            except re.error as exc:
                raise ValueError(f"patient_pattern is no regular expression: {exc}") from exc
            if groups != 1:
                raise ValueError("patient_pattern needs one group, the patient")
        return self

    @property
    def words(self) -> dict[str, Finding]:
        """Findings by their columns or words, in lower case."""
        return {
            word.lower(): finding
            for finding, words in self.findings.items()
            for word in _as_tuple(words)
        }

    def find(self, data: Path) -> Path | None:
        """The table in a folder of data; None if there is none."""
        return next(iter(sorted(data.glob(self.file))), None)


def _as_tuple(words: str | tuple[str, ...]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else words


def load_mapping(file: Path) -> LabelTable:
    """Read a mapping file.

    Raises
    ------
    DatasetError
        It is no TOML, or not a `LabelTable`.
    """
    try:
        return LabelTable.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except OSError as exc:
        raise DatasetError(f"{file} cannot be opened.") from exc
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise DatasetError(f"{file.name} is not a TOML file: {exc}.") from exc
    except ValidationError as exc:
        wrong = [
            f"{'.'.join(map(str, each['loc'])) or 'the file'}: {each['msg']}"
            for each in exc.errors(include_url=False, include_input=False)
        ]
        raise DatasetError(
            f"{file.name} is not a mapping of columns: {first_few(wrong)}. docs/data.md describes "
            "its entries."
        ) from exc
