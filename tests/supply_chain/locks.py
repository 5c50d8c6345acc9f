"""Reads the locks in requirements/ and constraints.txt."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("build", "serving", "development")


@dataclass(frozen=True)
class Pin:
    """One package of a lock: its requirement, ``name==version ; marker``, and its hashes."""

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def name(self) -> str:
        """The normalised name."""
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        """The only version that fits."""
        (specifier,) = self.requirement.specifier
        return specifier.version


def read_lock(path: Path) -> list[Pin]:
    """Read all pins of a file that uv wrote."""
    text = re.sub(r"^#.*|  # via .*", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return [_pin(line) for line in lines if line.strip()]


def lock(name: str) -> list[Pin]:
    """Read a lock of requirements/."""
    return read_lock(ROOT / "requirements" / f"{name}.txt")


def for_this_platform(pins: list[Pin]) -> dict[str, Pin]:
    """Those that are installed here, by name."""
    return {
        pin.name: pin
        for pin in pins
        if pin.requirement.marker is None or pin.requirement.marker.evaluate()
    }


def direct(*extras: str) -> list[Requirement]:
    """What pyproject.toml asks for, with some extras."""
    lists = [PROJECT["project"]["dependencies"]]
    lists += [PROJECT["project"]["optional-dependencies"][extra] for extra in extras]
    asked = [Requirement(each) for listed in lists for each in listed]
    return [each for each in asked if each.name != PROJECT["project"]["name"]]


def _pin(line: str) -> Pin:
    requirement, *hashes = re.split(r"\s+--hash=", line.strip())
    return Pin(Requirement(requirement), tuple(hashes))
