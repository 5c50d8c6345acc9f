"""`hilum evaluate robustness`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hilum.cli.evaluate.options import (
    AllowLeaks,
    AsJson,
    Data,
    IntoCard,
    ModelOrAnatomy,
    OneFinding,
    Sample,
    SplitName,
    refuse,
)
from hilum.models.loading import ANATOMY

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hilum.imaging import Radiograph


def robustness(
    model: ModelOrAnatomy,
    data: Data,
    split: SplitName = None,
    finding: OneFinding = None,
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
    from hilum.evaluation.robustness.suite import robustness as measure

    tried = load_tried(model, finding)
    reader = tried.reader
    screener = tried.registry.screener(needed=reader.reads_lung_field)
    films = find_films(data, split, reader, tried.task, allow_leaks=allow_leaks)

    def read(radiographs: "Sequence[Radiograph]") -> "NDArray[np.float64]":
        if screener is None:
            return tried.probabilities(reader.read_many(radiographs))
        seen = screener.screen_many(radiographs)
        readings = reader.read_many(
            [each.radiograph for each in seen], [each.anatomy.lung_field for each in seen]
        )
        is_suitable = [each.suitability.is_suitable for each in seen]
        return np.where(is_suitable, tried.probabilities(readings), np.nan)

    report = measure(
        read,
        films.radiographs,
        films.is_positive,
        films.patients,
        tried.task.operating_point.threshold,
        sample=sample or None,
        progress=bar("reading changed films"),
    )
    tried.tell("robustness", report, robustness_table, as_json=as_json, into_card=into_card)
