"""`hilum evaluate robustness`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from hilum.cli.evaluate.options import (
    AllowLeaks,
    AsJson,
    Data,
    IntoCard,
    ModelOrAnatomy,
    Sample,
    SomeFindings,
    SplitName,
    refuse,
)
from hilum.models.loading import ANATOMY

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hilum.imaging import Radiograph
    from hilum.models import Reading


def robustness(
    model: ModelOrAnatomy,
    data: Data,
    split: SplitName = None,
    finding: SomeFindings = None,
    sample: Sample = 200,
    into_card: IntoCard = False,
    allow_leaks: AllowLeaks = False,
    as_json: AsJson = False,
) -> None:
    """Measure how figures change with exposure, framing, processing and storage.

    Reads each radiograph unchanged and under simulated changes, as the service would. Prints
    AUROC, sensitivity, specificity and the share of refused radiographs for each change.

    For `anatomy`, compares outlines on changed radiographs with those on the unchanged ones; the
    data is a folder of radiographs, and needs no labels.
    """
    if model == ANATOMY:
        from hilum.cli.evaluate.anatomy import measure_agreement

        given = {
            "--split": split,
            "--finding": finding,
            "--into-card": into_card,
            "--allow-leaks": allow_leaks,
        }
        refuse(given, f"with {ANATOMY}")
        measure_agreement(data, sample or None, as_json=as_json)
        return
    import numpy as np

    from hilum.cli.evaluate.films import find_films
    from hilum.cli.evaluate.trials import bar, load_tried
    from hilum.evaluation.robustness.report import robustness_table
    from hilum.evaluation.robustness.suite import Target
    from hilum.evaluation.robustness.suite import robustness as measure

    if finding and len(finding) > 1:
        refuse({"--json": as_json}, "with several findings")
    tried = load_tried(model, *(dict.fromkeys(finding) if finding else (None,)))
    reader = tried[0].reader
    screener = tried[0].registry.screener(needed=reader.reads_lung_field)
    films = find_films(data, split, reader, *(each.task for each in tried), allow_leaks=allow_leaks)

    def read(radiographs: "Sequence[Radiograph]") -> "NDArray[np.float64]":
        if screener is None:
            return probabilities(reader.read_many(radiographs))
        seen = screener.screen_many(radiographs)
        readings = reader.read_many(
            [each.radiograph for each in seen], [each.anatomy.lung_field for each in seen]
        )
        is_suitable = [each.suitability.is_suitable for each in seen]
        return np.where(np.array(is_suitable)[:, np.newaxis], probabilities(readings), np.nan)

    def probabilities(readings: "Sequence[Reading]") -> "NDArray[np.float64]":
        return np.stack([each.probabilities(readings) for each in tried], axis=1)

    reports = measure(
        read,
        films.radiographs,
        [
            Target(is_positive, each.task.operating_point.threshold)
            for each, is_positive in zip(tried, films.labels.T, strict=True)
        ],
        films.patients,
        sample=sample or None,
        progress=bar("reading changed films"),
    )
    for each, report in zip(tried, reports, strict=True):
        if len(tried) > 1:
            typer.echo(each.task.finding.label)
        each.tell("robustness", report, robustness_table, as_json=as_json, into_card=into_card)
