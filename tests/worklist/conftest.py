"""A worklist with the shipped models, which nobody but the test reads for."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hilum.models import Registry, RuntimeName
from hilum.reporting.formats import Format
from hilum.worklist.desk import Rules
from hilum.worklist.worklist import Worklist, WorklistSettings, opened
from tests.worklist import postgres

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
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> WorklistSettings:
    rules = Rules(held_formats=(Format.SR, Format.JSON), sent_formats=(Format.SR,))
    url = request.getfixturevalue("new_database")() if request.param == "postgresql" else ""
    return WorklistSettings(folder=tmp_path / "store", rules=rules, database_url=url)


@pytest.fixture
def worklist(settings: WorklistSettings, registry: Registry) -> Iterator[Worklist]:
    with opened(settings, registry) as held:
        yield held
