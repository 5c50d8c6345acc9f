"""The code on the how-to pages is code of this version."""

import ast
import importlib
import inspect
import re
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from hilum.datasets.public import PublicDataset
from hilum.words.catalogue import _flat, load_catalogue
from tests.how_to import PAGES, blocks, files, page
from tests.reporting.test_catalogue import _fields

_OF_HILUM = re.compile(r"hilum(\.|$)")


def _written_modules() -> set[str]:
    """Modules that a page itself tells to write."""
    paths = (path for each in PAGES for path in files(each))
    return {path.removeprefix("backend/").removesuffix(".py").replace("/", ".") for path in paths}


def _imported(tree: ast.Module) -> Iterator[tuple[str, object]]:
    """What a piece of code imports from this package, by the names that it has there."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not _OF_HILUM.match(node.module or ""):
            continue
        if node.module in _written_modules():
            continue
        module = importlib.import_module(node.module)
        for name in node.names:
            yield name.asname or name.name, getattr(module, name.name)


@pytest.mark.parametrize("of", PAGES, ids=lambda of: of.stem)
def test_what_pages_import_is_there_and_takes_what_it_is_given(of):
    checked = 0
    for code in blocks(of, "python"):
        tree = ast.parse(textwrap.dedent(code))
        imported = dict(_imported(tree))
        checked += len(imported)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) in imported:
                named = {each.arg: None for each in node.keywords if each.arg}
                signature = inspect.signature(imported[node.func.id])
                signature.bind(*[None] * len(node.args), **named)
    assert checked or not blocks(of, "python")


def _run(path: str, code: str) -> dict[str, object]:
    names: dict[str, object] = {"__name__": Path(path).stem}
    exec(compile(code, path, "exec"), names)
    return names


def test_the_data_set_of_the_page_places_and_names_its_films():
    ((path, code),) = files(page("add-a-data-set")).items()
    names = _run(path, code)
    described = names["CLINIC_FILMS"]
    assert isinstance(described, PublicDataset)
    assert described.name == Path(path).stem
    place = described.source.origins[0].place
    member = PurePosixPath("films/normal/patient1_a.png")
    assert place(member) == PurePosixPath("test/normal/patient1_a.png")
    assert place(PurePosixPath("films/README.txt")) is None
    assert described.tell(Path("patient1_a.png")) == (None, "patient1")


def test_the_words_of_the_page_fit_the_catalogue():
    (translated,) = blocks(page("add-a-language"), "toml")
    english = load_catalogue("en").entries
    for name, text in _flat(tomllib.loads(translated)).items():
        assert _fields(text) == _fields(english[name]), name
