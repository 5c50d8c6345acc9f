"""Versions of the card schema, and those that this version of Hilum reads."""

from hilum.errors import BundleError
from hilum.models.card import SCHEMA_VERSION


def check_version(facts: object, name: str) -> None:
    """Refuse a card that this version of Hilum cannot read.

    Parameters
    ----------
    facts : object
        The card as parsed from JSON.
    name : str
        Of the model.

    Raises
    ------
    BundleError
        The schema is older or newer, or missing; the message says what to do.
    """
    version = facts.get("schema_version") if isinstance(facts, dict) else None
    if version == SCHEMA_VERSION:
        return
    card = f"The card of model {name!r}"
    if type(version) is not int or version < 1:
        raise BundleError(f"{card} has no valid schema_version. Restore the bundle.")
    if version < SCHEMA_VERSION:
        raise BundleError(
            f"{card} has schema {version}. This version of Hilum reads schema {SCHEMA_VERSION}. "
            "Run hilum migrate-card on its folder."
        )
    raise BundleError(
        f"{card} has schema {version}. This version of Hilum reads schema {SCHEMA_VERSION}. "
        "Update Hilum."
    )
