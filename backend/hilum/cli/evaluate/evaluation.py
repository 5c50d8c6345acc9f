"""Shared by `figures` and `compare`: models under test, and printing an evaluation."""

import json
from pathlib import Path

import typer

from hilum.api import Settings
from hilum.cli.common import console
from hilum.cli.evaluate.options import tell_caution
from hilum.evaluation.evaluate import Evaluation
from hilum.evaluation.model_under_test import ModelUnderTest, model_under_test
from hilum.evaluation.reports.evaluation_json import as_json as in_json
from hilum.evaluation.reports.report import write_report
from hilum.models import Reader, Registry
from hilum.models.operating_point import choose_operating_points


def tested(
    reader: Reader, settings: Settings, registry: Registry, points: list[str] | None
) -> ModelUnderTest:
    """Model under test that reads as the service does, at the requested operating points."""
    return model_under_test(
        reader,
        registry.screener(needed=reader.reads_lung_field),
        limits=settings.limits,
        points=choose_operating_points(reader.card, points or ()),
    )


def tell(found: Evaluation, words: str, out: Path, *, as_json: bool) -> None:
    """Write the report; print its figures or the given text, and cautions."""
    report = write_report(found, out)
    if as_json:
        typer.echo(json.dumps(in_json(found), indent=2))
    else:
        typer.echo(words)
        for caution in found.cautions:
            tell_caution(caution)
    console.print(f"Report: {report}")
