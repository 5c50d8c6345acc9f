"""An evaluation as JSON."""

from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any

from pydantic import BaseModel

from hilum.evaluation.evaluate import NOTICE, Evaluation

_DIGITS = 6
_SAID_ELSEWHERE = frozenset(
    {
        "card",
        "sha256",
        "data",
        "split",
        "origin",
        "tasks",
        "knows_patients",
        "compared_splits",
        "about_data",
    }
)


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """An evaluation as plain values, ready for JSON; undefined figures are null.

    What was found for `Evaluation.main` stands at the top, and for each task under ``tasks``.
    """
    card = evaluation.card
    found = _plain(evaluation)
    tasks = {task["finding"]: task.pop("figures") | task for task in found["tasks"]}
    return {
        "notice": NOTICE,
        "model": {
            "name": card.name,
            "title": card.title,
            "version": card.version,
            "sha256": evaluation.sha256,
        },
        "data": {
            "name": evaluation.data,
            "split": evaluation.split,
            "origin": evaluation.origin,
            "knows_patients": evaluation.knows_patients,
            "compared_splits": list(evaluation.compared_splits),
        },
        "cautions": evaluation.cautions,
        **tasks[evaluation.main.finding.value],
        "tasks": tasks,
        **{name: value for name, value in found.items() if name not in _SAID_ELSEWHERE},
    }


def _plain(value: Any) -> Any:
    """Nested dataclasses, models and floats as JSON's own types."""
    if isinstance(value, BaseModel):
        return _plain(value.model_dump(mode="json"))
    if is_dataclass(value) and not isinstance(value, type):
        fields = value.__dataclass_fields__
        return {name: _plain(getattr(value, name)) for name in fields}
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return round(value, _DIGITS) if isinstance(value, float) else value
