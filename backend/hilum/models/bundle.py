"""Model bundle on disk: a folder with a card, and weights verified by the hashes in it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from hilum.errors import BundleError
from hilum.models.card import BundleCard, Card
from hilum.models.card_schema import check_version

CARD_FILE = "card.json"
KERAS_FILE = "model.keras"
COMPILED_FILE = "model.onnx"


C_co = TypeVar("C_co", bound=BundleCard, covariant=True)


@dataclass(frozen=True, slots=True)
class Bundle(Generic[C_co]):
    """A bundle with files verified by the hashes in its card."""

    folder: Path
    card: C_co

    @property
    def sha256(self) -> str:
        """Hash of the source, which the compiled forms are derived from."""
        return self.card.files[self.card.source]


def load_bundle(folder: Path) -> Bundle[Card]:
    """Load a classifier's bundle; see `load_bundle_of`."""
    return load_bundle_of(Card, folder)


def load_bundle_of(card_type: type[C_co], folder: Path) -> Bundle[C_co]:
    """Read a bundle's card and verify the hash of every file it names.

    Parameters
    ----------
    card_type : type of BundleCard
        The kind of model that is expected.

    Raises
    ------
    BundleError
        The folder, its card or a file is missing, the card does not fit its schema, or a
        file's content is not what the card says.
    """
    card = _read_card(card_type, folder)
    for required in (card.source, *(form.file for form in card.compiled)):
        if required not in card.files:
            raise BundleError(
                f"The card of model {card.name!r} names no {required}. Restore the bundle."
            )
    for name, expected in card.files.items():
        path = folder / name
        if not path.is_file():
            raise BundleError(
                f"Model {card.name!r}: {name} is missing from its bundle. Restore the bundle."
            )
        if sha256_of(path) != expected:
            raise BundleError(
                f"Model {card.name!r}: {name} is not the file that its card describes "
                "(damaged, or of another version). Restore the bundle."
            )
    return Bundle(folder, card)


def write_card(card: BundleCard, folder: Path) -> None:
    """Write the card of a bundle, in place of the one that is there."""
    text = card.model_dump_json(indent=2) + "\n"
    (folder / CARD_FILE).write_text(text, encoding="utf-8")


def card_facts(folder: Path) -> Any:
    """Read a bundle's card as JSON, of whatever schema.

    Raises
    ------
    BundleError
        The card is missing or is not valid JSON; the message says what to do.
    """
    name = folder.name
    try:
        text = (folder / CARD_FILE).read_text(encoding="utf-8")
        return json.loads(text)
    except FileNotFoundError as exc:
        raise BundleError(
            f"Model {name!r} has no {CARD_FILE}. Restore the bundle, or set HILUM_MODELS_DIR to "
            "the folder that has it."
        ) from exc
    except OSError as exc:
        raise BundleError(
            f"{CARD_FILE} of model {name!r} cannot be read ({exc.strerror}). Give read "
            "permission to the user who runs Hilum."
        ) from exc
    # A number of too many digits, too many brackets: JSON, but no card.
    except (ValueError, RecursionError) as exc:
        at = f", line {exc.lineno}" if isinstance(exc, json.JSONDecodeError) else ""
        raise BundleError(
            f"The card of model {name!r} is not valid JSON ({CARD_FILE}{at}). Correct it, or "
            "restore the bundle."
        ) from exc


def _read_card(card_type: type[C_co], folder: Path) -> C_co:
    facts = card_facts(folder)
    check_version(facts, folder.name)
    try:
        # As JSON: Python's own values would be taken less strictly, or not at all.
        return card_type.model_validate_json(json.dumps(facts))
    except ValidationError as exc:
        raise misfit(folder.name, exc) from exc


def misfit(name: str, error: ValidationError) -> BundleError:
    """The error for a card that does not match its schema."""
    found = [
        ": ".join(filter(None, (".".join(map(str, each["loc"])), _words(each))))
        for each in error.errors()[:3]
    ]
    return BundleError(
        f"The card of model {name!r} does not match its schema ({'; '.join(found)}). "
        f"Correct {CARD_FILE}, or restore the bundle."
    )


def _words(error: ErrorDetails) -> str:
    """The message of Hilum's own rules; those of types quote values."""
    return str(error["ctx"]["error"]) if error["type"] == "value_error" else error["type"]


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's content, 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
