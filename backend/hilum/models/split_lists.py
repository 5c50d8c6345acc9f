"""Lists of the images in each split of a model, stored beside its card."""

import json
from collections.abc import Iterable, Mapping
from typing import TypeVar

from hilum.errors import BundleError
from hilum.models.bundle import Bundle
from hilum.models.card import BundleCard

SPLITS_FILE = "splits.json"

C = TypeVar("C", bound=BundleCard)


def split_lists_text(splits: Mapping[str, Iterable[str]]) -> str:
    """Content of `SPLITS_FILE`: the names of each split's pictures, sorted, as JSON.

    Parameters
    ----------
    splits : mapping of str to iterable of str
        A classifier's pictures go by `hilum.datasets.listed_names.listed_names`, an anatomy
        model's by `hilum.datasets.anatomy_films.film_hash`.

    Returns
    -------
    str
        Ends in a line break.
    """
    listed = {name: sorted(names) for name, names in splits.items()}
    return json.dumps(listed, separators=(",", ":")) + "\n"


def read_split_lists(bundle: Bundle[C]) -> dict[str, frozenset[str]] | None:
    """Names of the pictures of each split that the model was made on; see `split_lists_text`.

    Returns
    -------
    mapping of str to frozenset of str, or None
        None if the bundle has no list, as bundles of early versions.

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
        # Copies of a picture, which have the same hash, are counted as the card counts them.
        counts = {str(name): len(stems) for name, stems in listed.items()}
    except (OSError, ValueError, TypeError, AttributeError) as exc:
        raise BundleError(wrong) from exc
    made = bundle.card.training.get("splits", {})
    if counts != {name: split["images"] for name, split in made.items()}:
        raise BundleError(wrong)
    return lists
