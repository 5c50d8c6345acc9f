"""Byte-identical files within a set of labelled radiographs."""

import hashlib
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from hilum.datasets.labelled import LabelledSet
from hilum.datasets.labels import labelled_findings
from hilum.errors import DatasetError, ImageError
from hilum.imaging import decode
from hilum.words.counts import agreeing, counted, first_few


def find_copies(films: LabelledSet) -> list[list[int]]:
    """Rows of radiographs with byte-identical files.

    Returns
    -------
    list of list of int
        Positions of the rows, two or more to a group. A file that is empty or cannot be opened,
        or is no picture that can be read and measured, is in none.
    """
    by_size: dict[int, list[int]] = defaultdict(list)
    paths: list[Path] = films.radiographs["path"].tolist()
    for row, path in enumerate(paths):
        if path.is_file() and path.stat().st_size:
            by_size[path.stat().st_size].append(row)
    by_content: dict[bytes, list[int]] = defaultdict(list)
    for rows in by_size.values():
        # Only files of one size can be the same: most are not read.
        for row in rows if len(rows) > 1 else ():
            by_content[hashlib.sha256(paths[row].read_bytes()).digest()].append(row)
    return sorted(
        rows for rows in by_content.values() if len(rows) > 1 and _is_picture(paths[rows[0]])
    )


def _is_picture(path: Path) -> bool:
    try:
        decode(path.read_bytes())
    except ImageError:
        return False
    return True


def tell_copies(films: LabelledSet) -> LabelledSet:
    """Add a caution where the same file is there more than once.

    Returns
    -------
    LabelledSet
        All of the radiographs: each copy counts.

    Raises
    ------
    DatasetError
        Copies have opposite labels of a finding that is no part of another: one of them is
        wrong, and nothing tells which.
    """
    copies = find_copies(films)
    if not copies:
        return films
    names = films.radiographs["name"].tolist()
    findings = labelled_findings(films.radiographs)
    parts = {part for finding in findings for part in finding.parts}
    labels = films.radiographs[[each.value for each in findings if each not in parts]]
    same = [" = ".join(names[row] for row in rows) for rows in copies]
    opposite = [
        words
        for words, rows in zip(same, copies, strict=True)
        if (labels.iloc[rows].nunique() > 1).any()
    ]
    if opposite:
        raise DatasetError(
            f"{counted(len(opposite), 'picture')} {agreeing(len(opposite), 'has', 'have')} "
            f"byte-identical copies with the opposite label: {first_few(opposite)}. Remove "
            "the wrong ones."
        )
    extra = sum(map(len, copies)) - len(copies)
    caution = (
        f"{counted(extra, 'picture')} "
        f"{agreeing(extra, 'is a byte-identical copy', 'are byte-identical copies')} of another "
        f"and {agreeing(extra, 'is', 'are')} counted: {first_few(same)}."
    )
    return replace(films, cautions=(*films.cautions, caution))
