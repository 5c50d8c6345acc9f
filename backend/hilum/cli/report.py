"""`hilum report`: write a reading as PDF, DICOM and FHIR files."""

from pathlib import Path
from typing import Annotated

import typer

from hilum.cli.common import (
    Language,
    ModelOptions,
    Orient,
    Orientation,
    PointOptions,
    console,
    load_registry,
)
from hilum.models import read_file
from hilum.models.reading_models import ReadingModels
from hilum.reporting.forms import Format
from hilum.words.catalogue import load_catalogue


def report(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A radiograph.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the files.")],
    wanted: Annotated[
        list[Format] | None,
        typer.Option("--format", "-f", help="Repeatable. Default: all that apply to the file."),
    ] = None,
    model: ModelOptions = None,
    operating_point: PointOptions = None,
    force: Annotated[
        bool, typer.Option(help="Also read pictures that fail the suitability check.")
    ] = False,
    orient: Orient = Orientation.FILE,
    identity: Annotated[
        bool, typer.Option(help="Print the DICOM header's name, ID and birth date on the PDF.")
    ] = False,
    language: Language = None,
) -> None:
    """Read a radiograph and write its report: PDF, DICOM SR, SEG and SC, FHIR, JSON."""
    from hilum.api.decoding import isolation_of
    from hilum.reporting.outputs import choose, make_each
    from hilum.reporting.report import prepare

    settings, registry = load_registry()
    words = load_catalogue(language or settings.language)
    content = file.read_bytes()
    with isolation_of(settings) as isolation:
        found = read_file(
            content,
            ReadingModels.choose(registry, model or (), operating_point or ()),
            is_forced=force,
            may_turn=orient is Orientation.AUTO,
            with_evidence=True,
            language=words.language,
            limits=settings.limits,
            isolation=isolation,
        )
        prepared = prepare(
            found,
            content,
            language=words.language,
            limits=settings.limits,
            isolation=isolation,
        )
        chosen = choose(wanted or [], prepared)
        made = make_each(prepared, chosen, with_identity=identity)
    out.mkdir(parents=True, exist_ok=True)
    for output in made.outputs:
        path = out / output.name
        path.write_bytes(output.content)
        typer.echo(str(path))
    for each in made.missing:
        console.print(f"[bold red]{each.format.value}:[/] {each.reason}", highlight=False)
    left_out = [each.value for each in Format if each not in chosen] if not wanted else []
    if left_out:
        console.print(f"Does not apply to this file: {', '.join(left_out)}.", highlight=False)
    if made.missing:
        raise typer.Exit(1)
