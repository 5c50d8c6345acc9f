"""Figures and their sentences as JSON."""

import dataclasses
from typing import Any

from pydantic import BaseModel

from hilum.reporting.facts import Facts
from hilum.reporting.report import Report


def as_plain(report: Report) -> dict[str, Any]:
    """A report as plain values, ready for JSON.

    Returns
    -------
    mapping
        ``film``, ``figures`` and ``words``; shares in [0, 1], lines in the pixels of the displayed
        radiograph, from where the affine map ``to_file`` leads to the file's own.
        No attribute of the patient but the age.
    """
    film = report.film
    return {
        "created": report.created.isoformat(timespec="seconds"),
        "language": report.catalogue.language,
        "notice": report.words.notice,
        "film": {
            "sha256": film.sha256,
            "format": film.format.value,
            "rows": film.rows,
            "columns": film.columns,
            "view": film.view.value,
            "estimated_view": film.estimated_view.value,
            "file_rows": film.file_size[0],
            "file_columns": film.file_size[1],
            "to_file": film.orientation.to_file(film.rows, film.columns).tolist(),
        },
        "figures": _figures(report.facts, report.film.patient_age_years),
        "words": _plain(report.words),
    }


def _figures(facts: Facts, age_years: float | None) -> dict[str, Any]:
    """All figures; those of the main verdict also by the names of earlier versions."""
    main = facts.main
    first = facts.readings[0]
    return {
        "target": main.finding,
        "probability": main.probability,
        "decision": main.decision,
        "is_above": main.is_above,
        "prediction_set": _plain(main.prediction_set),
        "point": _plain(main.point),
        "rates": _plain(main.rates),
        "uncertain_between": _plain(main.uncertain_between),
        "coverage": main.coverage,
        "parts": _plain(main.parts),
        "is_intended": facts.main_task.population.is_intended,
        "parts_auroc": _plain(facts.main_task.parts_auroc),
        "auroc": _plain(facts.main_task.auroc),
        "population": _plain(facts.main_task.population),
        "is_evidence_shown": facts.main_task.is_evidence_shown,
        "regions": _plain(facts.main_task.regions),
        "verdicts": [_plain(task.verdict) for task in first.tasks],
        **_plain(first),
        **_plain(facts),
        "forced": [each.code for each in facts.forced],
        "notes": [each.code for each in facts.notes],
        "age_years": age_years,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value
