"""`hilum read`."""

import json
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from hilum.api.decoding import isolation_of
from hilum.cli.common import (
    Language,
    ModelOptions,
    Orient,
    Orientation,
    PointOptions,
    load_registry,
)
from hilum.errors import (
    DecodingStalledError,
    ImageError,
    UnsuitableRadiographError,
    WorkersUnavailableError,
)
from hilum.imaging.film_warning import film_words
from hilum.isolation import TaskError
from hilum.models import read_file
from hilum.models.pipeline import ModelReading, PipelineResult
from hilum.models.reading_models import ReadingModels
from hilum.models.suitability_words import population_words, reason_words, selection_words
from hilum.models.verdict import leading
from hilum.reporting.side_words import side_doubt_words
from hilum.reporting.verdict_words import headline_words, verdict_words
from hilum.words.catalogue import Catalogue, load_catalogue

_OF_ONE_FILE = (
    ImageError, UnsuitableRadiographError, WorkersUnavailableError, DecodingStalledError, TaskError,
)  # fmt: skip
"""Errors of one file, after which the next one is read."""


def read(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False)],
    model: ModelOptions = None,
    operating_point: PointOptions = None,
    force: Annotated[
        bool, typer.Option(help="Also read pictures that fail the suitability check.")
    ] = False,
    orient: Orient = Orientation.FILE,
    language: Language = None,
) -> None:
    """Read radiographs and print one line of JSON for each, with the reason where reading fails."""
    settings, registry = load_registry()
    words = load_catalogue(language or settings.language)
    failed = 0
    # The worker processes load their libraries while the models are loaded here.
    with isolation_of(settings) as isolation:
        read_one = partial(
            read_file,
            models=ReadingModels.choose(registry, model or (), operating_point or ()),
            is_forced=force,
            may_turn=orient is Orientation.AUTO,
            language=words.language,
            limits=settings.limits,
            isolation=isolation,
        )
        for path in files:
            line: dict[str, object] = {"file": str(path)}
            try:
                found = read_one(path.read_bytes())
            except _OF_ONE_FILE as exc:
                failed += 1
                line["error"] = str(exc)
            else:
                line |= _line(found, words)
            typer.echo(json.dumps(line))
    if failed:
        raise typer.Exit(1)


def _line(found: PipelineResult, words: Catalogue) -> dict[str, object]:
    """Fields of a file's line: the main reading, and the others below ``readings``."""
    line = _reading_fields(found.main, words) | _image_fields(found, words)
    if found.selection is not None:
        line["selection"] = selection_words(found.selection, words)
    if found.readings[1:]:
        line["readings"] = [
            {
                "model": made.card.name,
                "version": made.card.version,
                **_reading_fields(made, words),
            }
            for made in found.readings
        ]
    return line


def _reading_fields(made: ModelReading, words: Catalogue) -> dict[str, object]:
    reading, main = made.reading, made.verdicts[0]
    line: dict[str, object] = {"verdict": main.code, "decision": main.decision}
    line |= {"operating_point": main.point.threshold}
    line |= {each.finding.value: round(each.probability, 6) for each in reading.findings}
    if main.prediction_set is not None:
        line["prediction_set"] = list(main.prediction_set)
    if made.verdicts[1:]:
        line["verdicts"] = {each.finding.value: each.code for each in made.verdicts}
        line["leading"] = leading(made.verdicts).finding
    said = verdict_words(leading(made.verdicts), words)
    headline = headline_words(made.verdicts, words)
    sentences = (headline, said.decision, *said.cautions)
    line["words"] = [sentence.text for sentence in sentences]
    return line


def _image_fields(found: PipelineResult, words: Catalogue) -> dict[str, object]:
    """Warnings and notes on the image; empty if there are none."""
    fields: dict[str, list[str]] = {"warnings": film_words(found.radiograph.warnings, words)}
    fields["sides_uncertain"] = side_doubt_words(found.radiograph.side_doubts, words)
    if seen := found.screening:
        fields["forced"] = [reason_words(reason, words) for reason in seen.suitability.reasons]
        fields["notes"] = [reason_words(note, words) for note in seen.suitability.notes]
        if found.main.population.is_intended is False:
            fields["warnings"].append(population_words(found.main.population, words))
    return {name: said for name, said in fields.items() if said}
