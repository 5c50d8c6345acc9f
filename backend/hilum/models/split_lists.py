"""Which pictures a classifier was made on: their files' names by split, beside its card."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from hilum.errors import BundleError
from hilum.models.bundle import Bundle
from hilum.models.card import Card

SPLITS_FILE = "splits.json"


def split_lists_text(splits: Mapping[str, Iterable[Path]]) -> str:
    """What `SPLITS_FILE` holds: the sorted stems of each split's files, as JSON.

    Returns
    -------
    str
        Ends in a line break.
    """
    stems = {name: sorted(path.stem for path in paths) for name, paths in splits.items()}
    return json.dumps(stems, separators=(",", ":")) + "\n"


def read_split_lists(bundle: Bundle[Card]) -> dict[str, frozenset[str]] | None:
    """Stems of the files of each split that the model was made on.

    Returns
    -------
    mapping of str to frozenset of str, or None
        None: the bundle has no list, as those made before there were any.

    Raises
    ------
    BundleError
        The list cannot be read, or is not as long as its card says.
    """
    path = bundle.folder / SPLITS_FILE
    if not path.is_file():
        return None
    wrong = (
        f"Model {bundle.card.name!r}: {SPLITS_FILE} is not the list of the pictures that its card "
        "describes. Restore the bundle."
    )
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
        lists = {str(name): frozenset(map(str, stems)) for name, stems in listed.items()}
    except (OSError, ValueError, TypeError, AttributeError) as exc:
        raise BundleError(wrong) from exc
    made = bundle.card.training.get("splits", {})
    if {name: len(stems) for name, stems in lists.items()} != {
        name: split["images"] for name, split in made.items()
    }:
        raise BundleError(wrong)
    return lists
