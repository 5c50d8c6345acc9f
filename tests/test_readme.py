"""What the README says of the model is what the shipped card says."""

import importlib
import re
from pathlib import Path

import pytest
from typer.main import get_command

from hilum.cli import app
from hilum.evaluation.anatomy.figures import figures_table as anatomy_table
from hilum.evaluation.reports.card_figures import figures_table
from hilum.evaluation.reports.model_card import CARD_TEXT_FILE, card_text
from hilum.models import load_bundle
from hilum.models.anatomy import AnatomyCard
from hilum.models.bundle import load_bundle_of
from tests.how_to import PAGES, files

ROOT = Path(__file__).resolve().parents[1]
DOCS = [*(ROOT / "docs").glob("*.md"), *PAGES]


@pytest.fixture(scope="module")
def card():
    return load_bundle(ROOT / "ml_model" / "pneumonia").card


@pytest.mark.parametrize("page", ["README.md", "docs/model.md"])
def test_figures_are_those_of_the_card(page, card):
    assert figures_table(card) in (ROOT / page).read_text(encoding="utf-8")


def test_the_card_for_people_says_what_the_card_says(card):
    page = ROOT / "ml_model" / "pneumonia" / CARD_TEXT_FILE
    assert page.read_text(encoding="utf-8") == card_text(card)


def test_anatomys_figures_are_those_of_its_card():
    card = load_bundle_of(AnatomyCard, ROOT / "ml_model" / "anatomy").card
    page = (ROOT / "docs" / "anatomy.md").read_text(encoding="utf-8")
    assert anatomy_table(card.metrics["test"]) in page


def test_links_between_pages_lead_somewhere():
    for page in [*ROOT.glob("*.md"), *DOCS]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_readme_names_only_make_targets_that_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z-]+)", (ROOT / "README.md").read_text("utf-8")))
    assert named <= targets


def _named(page: Path) -> set[str]:
    """Dotted names of this package that a page quotes."""
    return set(re.findall(r"`(hilum(?:\.\w+)+)", page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *DOCS], ids=lambda page: page.stem)
def test_what_a_page_names_of_the_package_is_there(page):
    for name in _named(page):
        module, _, attribute = name.rpartition(".")
        try:
            importlib.import_module(name)
        except ModuleNotFoundError:
            assert hasattr(importlib.import_module(module), attribute), f"{page.name}: {name}"


def test_the_files_that_pages_name_are_there():
    for page in [*ROOT.glob("*.md"), *DOCS]:
        for name in re.findall(
            r"`((?:tests|benchmarks|backend)/[\w./]+)`", page.read_text("utf-8")
        ):
            assert (ROOT / name).exists() or name in files(page), f"{page.name} names {name}"


def _commands(page: Path) -> list[list[str]]:
    """Words of the `hilum` commands that a page quotes or has in a block."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    quoted = re.findall(r"`hilum ([a-z][^`\n]*)`", text)
    in_blocks = re.findall(r"^ *(?:\.venv/bin/)?hilum ([a-z][^#\n]*)", text, re.MULTILINE)
    return [line.split() for line in (*quoted, *in_blocks)]


@pytest.mark.parametrize("page", [ROOT / "README.md", *DOCS], ids=lambda page: page.stem)
def test_commands_on_a_page_have_only_options_that_exist(page):
    for words in _commands(page):
        command, rest = get_command(app), list(words)
        while subcommands := getattr(command, "commands", None):
            # A group that has a default takes it where the word is no command.
            command = subcommands[rest.pop(0)] if rest[0] in subcommands else subcommands["figures"]
            if not rest:
                break
        known = {"--help"}.union(*({*each.opts, *each.secondary_opts} for each in command.params))
        named = {word.partition("=")[0] for word in rest if word.startswith("--")}
        assert named <= known, f"{page.name}: hilum {' '.join(words)}"
