"""A store with the shipped models, which nobody but the test reads for."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hilum.models import Registry, RuntimeName
from hilum.reporting.forms import Format
from hilum.store.processor import Rules
from hilum.store.settings import StoreSettings
from hilum.store.store import Store, opened
from tests.store import postgres

MODELS = Path(__file__).parents[2] / "ml_model"


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry(MODELS, default="pneumonia", runtime=RuntimeName.OPENVINO)


@pytest.fixture(scope="session")
def new_database() -> Iterator[Callable[[], str]]:
    """Makes an empty PostgreSQL database, for its URL."""
    if postgres.INITDB is None:
        pytest.skip("needs PostgreSQL")
    with postgres.server() as new:
        yield new


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> StoreSettings:
    rules = Rules(held_formats=(Format.SR, Format.JSON), sent_formats=(Format.SR,))
    url = request.getfixturevalue("new_database")() if request.param == "postgresql" else ""
    return StoreSettings(folder=tmp_path / "store", rules=rules, database_url=url)


@pytest.fixture
def store(settings: StoreSettings, registry: Registry) -> Iterator[Store]:
    with opened(settings, registry) as held:
        yield held


@pytest.fixture
def idle_store(settings: StoreSettings, tmp_path: Path) -> Iterator[Store]:
    """A store without a model: nothing is read in it."""
    nothing = Registry(tmp_path, default="none", runtime=RuntimeName.OPENVINO)
    with opened(settings, nothing) as held:
        yield held
