"""Search space, and configurations with changed settings."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

import optuna
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, model_validator

from hilum.errors import DatasetError
from hilum.training.config import TrainingConfig, current_name

Config = TypeVar("Config", bound=TrainingConfig)
Setting = bool | int | float | str | None
Settings = dict[str, Setting]
"""Values by the dotted name of a field of `TrainingConfig`: ``augmentation.gamma``."""


class Knob(BaseModel):
    """Search range of a setting: a list of choices, or a range of numbers.

    Attributes
    ----------
    choices : tuple, optional
    low, high : float, optional
    log : bool
        The range is searched by orders of magnitude.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    choices: tuple[Setting, ...] = ()
    low: float | None = None
    high: float | None = None
    log: bool = False

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        has_range = self.low is not None and self.high is not None
        if bool(self.choices) == has_range or (has_range and not self.low < self.high):  # type: ignore[operator]
            raise ValueError("either choices, or low and high with low below high")
        return self

    def suggest(self, trial: optuna.Trial, name: str) -> Setting:
        """A value for one trial."""
        if self.choices:
            return trial.suggest_categorical(name, self.choices)
        assert self.low is not None
        assert self.high is not None
        return trial.suggest_float(name, self.low, self.high, log=self.log)


Space = dict[str, Knob]


def load_space(path: Path) -> Space:
    """Read what may vary from a TOML file: a table for each setting, see `Knob`.

    Raises
    ------
    DatasetError
        The file cannot be read, or says something else.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        return TypeAdapter(Space).validate_python(found)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise DatasetError(f"{path.name} is no readable TOML file.") from exc
    except ValidationError as exc:
        raise DatasetError(f"{path.name}: {_first_words(exc)}.") from exc


def with_settings(config: Config, settings: Mapping[str, Setting]) -> Config:
    """A configuration with some settings changed.

    Raises
    ------
    DatasetError
        There is no such setting, or it cannot be so.
    """
    changed = config.model_dump()
    for name, value in settings.items():
        *above, last = name.split(".")
        last = current_name(last)
        place: Any = changed
        for part in above:
            place = place.get(part) if isinstance(place, dict) else None
        if not isinstance(place, dict) or last not in place:
            raise DatasetError(f"There is no setting {name!r} to vary.")
        place[last] = value
    try:
        return type(config).model_validate(changed)
    except ValidationError as exc:
        raise DatasetError(f"These settings cannot be: {_first_words(exc)}.") from exc


def told_settings(words: Sequence[str]) -> Settings:
    """Parse settings of a command line: ``label_smoothing=0``, ``architecture=residual``.

    Raises
    ------
    DatasetError
        There is no equals sign.
    """
    settings: Settings = {}
    for each in words:
        name, equals, value = each.partition("=")
        if not equals:
            raise DatasetError(f"{each!r} is no setting: NAME=VALUE is expected.")
        try:
            settings[name] = json.loads(value)
        except ValueError:
            settings[name] = value
    return settings


def single_changes(space: Space, base: TrainingConfig) -> list[Settings]:
    """The base, and each choice of each knob by itself; ranges give their two ends."""
    alone: list[Settings] = [{}]
    for name, knob in space.items():
        values = knob.choices or (knob.low, knob.high)
        alone += [{name: value} for value in values if value != setting_of(base, name)]
    return alone


def setting_of(config: TrainingConfig, name: str) -> Setting:
    """Value of a setting in a configuration; None if there is no such setting."""
    value: Any = config.model_dump()
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value if value is None or isinstance(value, bool | int | float | str) else None


def _first_words(exc: ValidationError) -> str:
    error = exc.errors()[0]
    words = error["msg"]
    if error["type"] == "tuple_type":
        words = 'a list is expected, such as ["mass", "nodule"]'
    return f"{'.'.join(map(str, error['loc']))}: {words}".strip(": ")
