"""Parts of a card that the recipes of all classifiers make in the same way."""

from pathlib import Path

from hilum.architectures.classifiers import find_classifier
from hilum.models import Reader, Screener, load_bundle
from hilum.models.card import Card, DataCredit
from hilum.models.check import verification_of
from hilum.training.config import TrainingConfig


def verified(card: Card, made: Path, screener: Screener | None) -> Card:
    """The card with the bundle's answers for the shipped phantoms."""
    found = verification_of(Reader(load_bundle(made)), screener)
    return card.model_copy(update={"verification": found})


def weights_credit(config: TrainingConfig) -> tuple[DataCredit, ...]:
    """Credit of the starting weights; none for random ones."""
    known = find_classifier(config.architecture).starting_weights
    return (known.credit,) if config.starting_weights and known else ()
