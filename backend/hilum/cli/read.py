"""`hilum read`."""

import json
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from hilum.api.decoding import isolation_of
from hilum.cli.common import Orient, Orientation, load_registry
from hilum.errors import (
    DecodingStalledError,
    ImageError,
    UnsuitableRadiographError,
    WorkersUnavailableError,
)
from hilum.isolation import TaskError
from hilum.models import Card, read_file
from hilum.models.operating_point import choose_operating_point
from hilum.models.pipeline import PipelineResult, result_verdicts
from hilum.models.suitability_words import population_words, reason_words
from hilum.reporting.side_words import side_doubt_words
from hilum.reporting.verdict_words import verdict_words
from hilum.words.catalogue import Catalogue, load_catalogue

_OF_ONE_FILE = (
    ImageError, UnsuitableRadiographError, WorkersUnavailableError, DecodingStalledError, TaskError,
)  # fmt: skip
"""The next file may be read."""


def read(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False)],
    model: Annotated[str | None, typer.Option(help="Name of the model.")] = None,
    operating_point: Annotated[
        str | None, typer.Option(help="youden, sensitivity:0.98, specificity:0.95 or 0.4.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Read what is not suitable, too.")] = False,
    orient: Orient = Orientation.FILE,
) -> None:
    """Read radiographs and print a line of JSON for each; one that cannot be read says why."""
    settings, registry = load_registry()
    failed = 0
    # Its processes load their libraries while the models are loaded here.
    with isolation_of(settings) as isolation:
        reader = registry.reader(model)
        read_one = partial(
            read_file,
            reader=reader,
            screener=registry.screener(needed=reader.reads_lung_field),
            point=choose_operating_point(reader.card, operating_point),
            is_forced=force,
            may_turn=orient is Orientation.AUTO,
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
                line |= _told(found, reader.card)
            typer.echo(json.dumps(line))
    if failed:
        raise typer.Exit(1)


def _told(found: PipelineResult, card: Card) -> dict[str, object]:
    """What was read of a file."""
    reading, catalogue = found.reading, load_catalogue()
    main = result_verdicts(found, card)[0]
    line: dict[str, object] = {"verdict": main.code, "decision": main.decision}
    line |= {"operating_point": reading.operating_point.threshold}
    line |= {each.finding.value: round(each.probability, 6) for each in reading.findings}
    if reading.prediction_set is not None:
        line["prediction_set"] = list(reading.prediction_set)
    words = verdict_words(main, catalogue)
    line |= _told_of_picture(found, catalogue)
    told = (words.headline, words.decision, *words.cautions)
    line["words"] = [sentence.text for sentence in told]
    return line


def _told_of_picture(found: PipelineResult, words: Catalogue) -> dict[str, object]:
    """What has to be known of the picture to trust its reading; nothing where all is well."""
    told: dict[str, list[str]] = {"warnings": list(found.radiograph.warnings)}
    told["sides_uncertain"] = side_doubt_words(found.radiograph.side_doubts, words)
    if seen := found.screening:
        told["forced"] = [reason_words(reason, words) for reason in seen.suitability.reasons]
        told["notes"] = [reason_words(note, words) for note in seen.suitability.notes]
        if found.population.is_intended is False:
            told["warnings"].append(population_words(found.population, words))
    return {name: said for name, said in told.items() if said}
