"""`hilum migrate-card`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from hilum.cli.common import console
from hilum.errors import BundleError
from hilum.models.bundle import card_facts
from hilum.models.card import SCHEMA_VERSION, Card
from hilum.models.card_migration import migrate_card


def migrate_cards(
    folders: Annotated[
        list[Path], typer.Argument(help="Folders of models, each with a card.json.")
    ],
) -> None:
    """Convert the cards of models to the current schema; figures do not change."""
    failed = 0
    for folder in folders:
        try:
            is_changed = migrate_card(folder)
        except BundleError as exc:
            failed += 1
            console.print(f"[bold red]Error:[/] {escape(f'{folder}: {exc}')}", highlight=False)
            continue
        if is_changed:
            _renew_text(folder)
        did = f"migrated to schema {SCHEMA_VERSION}" if is_changed else "nothing to do"
        typer.echo(f"{folder}: {did}")
    if failed:
        raise typer.Exit(1)


def _renew_text(folder: Path) -> None:
    """Write the Markdown page of a classifier's card again."""
    from hilum.evaluation.reports.model_card import CARD_TEXT_FILE, card_text

    facts = card_facts(folder)
    if facts["kind"] == "classifier":
        text = card_text(Card.model_validate(facts))
        (folder / CARD_TEXT_FILE).write_text(text, encoding="utf-8")
