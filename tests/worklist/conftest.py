"""A worklist with the shipped models, which nobody but the test reads for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hilum.models import Registry, RuntimeName
from hilum.reporting.formats import Format
from hilum.worklist.desk import Rules
from hilum.worklist.worklist import Worklist, WorklistSettings, opened

MODELS = Path(__file__).parents[2] / "ml_model"


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry(MODELS, default="pneumonia", runtime=RuntimeName.OPENVINO)


@pytest.fixture
def settings(tmp_path: Path) -> WorklistSettings:
    rules = Rules(held_formats=(Format.SR, Format.JSON), sent_formats=(Format.SR,))
    return WorklistSettings(folder=tmp_path / "store", rules=rules)


@pytest.fixture
def worklist(settings: WorklistSettings, registry: Registry) -> Iterator[Worklist]:
    with opened(settings, registry) as held:
        yield held
