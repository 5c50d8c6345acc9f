"""The comparator in BentoML: run in the comparators' environment.

Run: ``.build/comparators/bin/bentoml serve benchmarks.comparators.bentoml_service:Chest
--port 8002 --arg networks=frozen``.
"""

import os
from pathlib import Path
from typing import Any

import bentoml
from pydantic import BaseModel

from benchmarks.comparators.reading import ChestReader
from benchmarks.frozen import Networks


class _Arguments(BaseModel):
    networks: Networks = Networks.FROZEN


_FOLDER = bentoml.use_arguments(_Arguments).networks.folder


@bentoml.service(
    workers=os.cpu_count() or 1,
    metrics={"enabled": False},
    logging={"access": {"enabled": False}},
)
class Chest:
    """Reads the upload in the form's field ``file``."""

    def __init__(self) -> None:
        self._reader = ChestReader(_FOLDER)

    @bentoml.api
    def predict(self, file: Path) -> dict[str, Any]:
        return self._reader.read(file.read_bytes())
