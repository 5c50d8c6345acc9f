"""Reads a Dockerfile: its stages, and what the last one says of the container."""

import json
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

KEYWORDS = {"RUN", "COPY", "ENV", "WORKDIR", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}
"""Those that `tests.container.build` carries out or `Container` holds, beside FROM."""


class Instruction(NamedTuple):
    """A keyword, its options (``--from=page``) and the rest of the line."""

    keyword: str
    options: dict[str, str]
    value: str


@dataclass
class Stage:
    """What stands between one FROM and the next."""

    image: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)

    def values(self, keyword: str) -> list[str]:
        """The values of all instructions of one keyword."""
        return [each.value for each in self.instructions if each.keyword == keyword]


@dataclass(frozen=True)
class Container:
    """How the last stage says that a container is run."""

    environment: dict[str, str]
    user: str
    folder: str
    volumes: list[str]
    command: list[str]
    health: list[str]


def read_dockerfile(path: Path) -> list[Stage]:
    """Read the stages of a Dockerfile; ValueError at an instruction that is not known here."""
    stages: list[Stage] = []
    for line in _logical_lines(path.read_text(encoding="utf-8")):
        keyword, value = line.split(maxsplit=1)
        if keyword == "FROM":
            image, *named = value.split()
            stages.append(Stage(image, named[1] if named else ""))
        elif keyword in KEYWORDS:
            stages[-1].instructions.append(_instruction(keyword, value))
        else:
            raise ValueError(f"{path.name}: {keyword} is not known here")
    return stages


def container_of(stage: Stage) -> Container:
    """Collect how a stage says that its container is run."""
    environment: dict[str, str] = {}
    for value in stage.values("ENV"):
        environment |= settings_of(value)
    return Container(
        environment=environment,
        user=stage.values("USER")[-1],
        folder=stage.values("WORKDIR")[-1],
        volumes=stage.values("VOLUME"),
        command=json.loads(stage.values("CMD")[-1]),
        health=json.loads(stage.values("HEALTHCHECK")[-1].removeprefix("CMD ")),
    )


def settings_of(value: str) -> dict[str, str]:
    """Split the value of ENV, ``NAME=value …``."""
    return dict(each.split("=", maxsplit=1) for each in shlex.split(value))


def _instruction(keyword: str, value: str) -> Instruction:
    options = {}
    while value.startswith("--"):
        option, value = value.split(maxsplit=1)
        name, given = option[2:].split("=", maxsplit=1)
        options[name] = given
    return Instruction(keyword, options, value)


def _logical_lines(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines()]
    kept = "\n".join(line for line in lines if line and not line.startswith("#"))
    return kept.replace("\\\n", " ").splitlines()
