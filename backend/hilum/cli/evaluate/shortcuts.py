"""`hilum evaluate shortcuts`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hilum.cli.evaluate.options import (
    AllowLeaks,
    AsJson,
    Data,
    IntoCard,
    Model,
    OneFinding,
    Sample,
    SplitName,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hilum.imaging import Radiograph
    from hilum.models.anatomy import LungField


def shortcuts(
    model: Model,
    data: Data,
    split: SplitName = None,
    finding: OneFinding = None,
    sample: Sample = 200,
    into_card: IntoCard = False,
    allow_leaks: AllowLeaks = False,
    as_json: AsJson = False,
) -> None:
    """Measure how well the finding can be predicted without the lungs.

    Reads radiographs whose lungs and heart, or whose surroundings, are filled with grey, and fits
    linear classifiers to borders, histograms and sizes of the radiographs. Prints the AUROC of
    each. A high AUROC without the lungs means that the data or the model has a shortcut. Also
    measures how well the model's activation maps predict how a radiograph was acquired.
    """
    import numpy as np

    from hilum.cli.evaluate.films import find_films
    from hilum.cli.evaluate.trials import bar, load_tried
    from hilum.datasets.public import series_by_name
    from hilum.evaluation.shortcuts.report import shortcuts_table
    from hilum.evaluation.shortcuts.suite import shortcuts as measure
    from hilum.models.card import EvidenceLayer

    (tried,) = load_tried(model, finding)
    reader = tried.reader
    screener = tried.registry.screener(needed=reader.reads_lung_field)
    films = find_films(data, split, reader, tried.task, allow_leaks=allow_leaks)

    def read(
        radiographs: "Sequence[Radiograph]", fields: "Sequence[LungField | None]"
    ) -> "NDArray[np.float64]":
        return tried.probabilities(reader.read_many(radiographs, fields))

    def read_maps(
        radiographs: "Sequence[Radiograph]", fields: "Sequence[LungField]"
    ) -> "NDArray[np.float64]":
        readings = reader.read_many(radiographs, fields)
        return np.stack([np.asarray(each.activation_maps, np.float64).ravel() for each in readings])

    report = measure(
        films.radiographs,
        films.is_positive,
        films.patients,
        read=read,
        measure=screener.anatomy_reader.read_many if screener else None,
        read_maps=read_maps if isinstance(reader.card.evidence, EvidenceLayer) else None,
        series=[series_by_name(path) for path in films.paths],
        sample=sample or None,
        progress=bar("reading masked films"),
    )
    tried.tell("shortcuts", report, shortcuts_table, as_json=as_json, into_card=into_card)
