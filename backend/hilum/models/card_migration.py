"""Migration of cards to the newest schema; figures do not change.

A card of version 1 had one decided finding of a softmax; version 2 has tasks.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hilum.errors import BundleError
from hilum.models.anatomy.card import AnatomyCard
from hilum.models.bundle import card_facts, misfit, write_card
from hilum.models.card import BundleCard, Card
from hilum.models.card_schema import check_version

_CARDS: dict[str, type[BundleCard]] = {"classifier": Card, "anatomy": AnatomyCard}
_OF_TASK = ("metrics", "curves", "across_acquisitions", "trials")
_RENAMED = {
    "bacterial_against_viral_auroc": "parts_auroc",
    "bacterial_against_viral_accuracy": "parts_accuracy",
}
_OLD_FIELDS = {
    "findings",
    "composites",
    "target",
    "intended",
    "intended_years",
    "operating_points",
    "conformal",
    *_OF_TASK,
}


def migrate_card(folder: Path) -> bool:
    """Bring the card of a bundle to the newest schema.

    Returns
    -------
    bool
        False if the card already has the newest schema; it is left unchanged.

    Raises
    ------
    BundleError
        The card is missing, cannot be read, has a newer schema, or does not match the schema
        that it states; it is left unchanged.
    """
    facts = card_facts(folder)
    version = facts.get("schema_version") if isinstance(facts, dict) else None
    if version != 1:
        check_version(facts, folder.name)
        return False
    try:
        card_type = _CARDS[facts["kind"]]
        new = _from_1(facts)
    except (AttributeError, KeyError, TypeError, ValueError) as exc:
        raise BundleError(
            f"The card of model {folder.name!r} does not match schema 1, which it states. "
            "Restore the bundle."
        ) from exc
    try:
        card = card_type.model_validate_json(json.dumps(new))
    except ValidationError as exc:
        raise misfit(folder.name, exc) from exc
    write_card(card, folder)
    return True


def _from_1(old: Mapping[str, Any]) -> dict[str, Any]:
    if old["kind"] != "classifier":
        return {**old, "schema_version": 2}
    calibration, target = old["calibration"], old["target"]
    parts = old["composites"].get(target, [])
    intended, evidence = old.get("intended"), old.get("evidence")
    conformal = old.get("conformal")
    of_task = {name: dict(old.get(name, {})) for name in _OF_TASK}
    for name in ("metrics", "across_acquisitions"):
        of_task[name] = {
            split: _figures_from_1(figures, parts or [target])
            for split, figures in of_task[name].items()
        }
    task = {
        "finding": target,
        "parts": parts,
        "operating_point": old["operating_points"][target],
        "conformal": conformal and _conformal_from_1(conformal, target),
        "intended": intended and {"population": intended, "years": old.get("intended_years")},
        **of_task,
    }
    return {
        **{name: value for name, value in old.items() if name not in _OLD_FIELDS},
        "schema_version": 2,
        "activation": "softmax",
        "outputs": old["findings"],
        "calibration": {
            **calibration,
            "temperature": [calibration["temperature"]] * len(old["findings"]),
        },
        "main": target,
        "tasks": [task],
        "evidence": evidence and {**evidence, "kind": "map"},
    }


def _conformal_from_1(old: Mapping[str, Any], target: str) -> dict[str, Any]:
    (absent,) = (value for label, value in old["quantiles"].items() if label != target)
    return {**old, "quantiles": {"absent": absent, "present": old["quantiles"][target]}}


def _figures_from_1(old: Mapping[str, Any], parts: list[str]) -> dict[str, Any]:
    renamed = {_RENAMED.get(name, name): value for name, value in old.items()}
    counts = old["confusion"]
    return {**renamed, "positives": sum(sum(counts[part].values()) for part in parts)}
