"""`hilum evaluate localisation`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from hilum.cli.evaluate.options import (
    LABELLED,
    AllowLeaks,
    AsJson,
    IntoCard,
    Model,
    OneFinding,
    Sample,
    SplitName,
    refuse,
)


def localisation(
    model: Model,
    data: Annotated[Path | None, LABELLED] = None,
    boxes: Annotated[
        Path | None,
        typer.Option(
            help="Folder of a data set with a table of radiologists' boxes, such as NIH "
            "ChestX-ray14: compare the evidence with them."
        ),
    ] = None,
    split: SplitName = None,
    finding: OneFinding = None,
    sample: Sample = 200,
    into_card: IntoCard = False,
    allow_leaks: AllowLeaks = False,
    as_json: AsJson = False,
) -> None:
    """Measure how well the evidence for a finding is localised.

    Needs labelled radiographs, radiologists' boxes, or both. On labelled radiographs it measures
    the share of evidence in lungs and heart, deletion and insertion, shuffled weights (with
    Keras), stability under small changes, and evidence of opacities drawn into negative
    radiographs. On boxes it measures how often the evidence peaks in a box, and its overlap.
    """
    if data is None:
        refuse({"--split": split, "--allow-leaks": allow_leaks}, "without --data")
        if boxes is None:
            raise typer.BadParameter("Give --data, --boxes or both.")
    from hilum.cli.evaluate.films import find_films
    from hilum.cli.evaluate.trials import bar, load_tried
    from hilum.datasets.boxes import find_boxed_films
    from hilum.evaluation.localisation.report import localisation_table
    from hilum.evaluation.localisation.suite import localisation as measure

    (tried,) = load_tried(model, finding)
    screener = tried.registry.screener(needed=True)
    assert screener is not None
    labelled: dict[str, Any] = {}
    if data is not None:
        films = find_films(data, split, tried.reader, tried.task, allow_leaks=allow_leaks)
        positives, negatives = films.where(films.is_positive), films.where(~films.is_positive)
        labelled = {
            "positives": positives.radiographs,
            "patients": positives.patients,
            "normals": negatives.radiographs,
            "normal_patients": negatives.patients,
        }
    report = measure(
        tried.reader,
        screener,
        finding=tried.task.finding,
        boxed=find_boxed_films(boxes) if boxes else (),
        sample=sample or None,
        progress=bar("placing evidence"),
        **labelled,
    )
    tried.tell("localisation", report, localisation_table, as_json=as_json, into_card=into_card)
