"""Runs of `hilum train findings`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from hilum.cli.common import console, load_registry, show_progress
from hilum.cli.devices import use_devices
from hilum.datasets.label_table import LabelTable, load_mapping
from hilum.datasets.labelled import LabelledSet
from hilum.datasets.public import DATASETS
from hilum.datasets.rereads import read_rereads
from hilum.models import Screener
from hilum.models.bundle import sha256_of
from hilum.models.card import Card, DataCredit
from hilum.training.findings.bundle import BundleFacts, make_findings_bundle
from hilum.training.findings.config import MOST_TAUGHT, FindingsConfig
from hilum.training.findings.data import (
    FindingsData,
    find_labelled,
    labelled_for_training,
    load_findings,
)
from hilum.training.findings.folds import fit_folds, refuse_leaks_of_folds
from hilum.training.findings.imbalance import contributions, frequencies
from hilum.training.search.space import with_settings
from hilum.words.counts import counted, first_few


@dataclass(frozen=True, slots=True)
class FindingsRun:
    """Files of a run; see the options of the command."""

    data: Path
    mapping: Path | None
    out: Path
    checkpoints: Path
    weights: Path | None
    version: str
    allow_leaks: bool

    def train(self, settings: Mapping[str, Any], seed: int) -> None:
        """Train a network for each fold, tune, measure, and write the bundle."""
        config = self._config(settings, seed)
        use_devices(config)
        mapping = load_mapping(self.mapping) if self.mapping else None
        labelled = labelled_for_training(
            find_labelled(self.data, mapping), allows_leaks=self.allow_leaks
        )
        for reason in dict.fromkeys(each.reason for each in labelled.left_out):
            names = [each.name for each in labelled.left_out if each.reason == reason]
            console.print(
                f"Left out: {counted(len(names), 'image')} ({reason}): {first_few(names)}"
            )
        suited = config.suited_to(len(labelled.radiographs))
        if suited != config:
            console.print(f"More than {MOST_TAUGHT:,} images: trained without the ensemble.")
        config = suited
        data, screener = self._load(labelled, config)
        if not self.allow_leaks:
            refuse_leaks_of_folds(data, config)
        counts = frequencies(data.targets, config.findings)
        typer.echo(counts.join(contributions(data.targets, config.findings)).to_string())
        folds = []
        fitting = fit_folds(
            config, data, checkpoints=self.checkpoints, weights=self.weights, verbose=0
        )
        for fold in fitting:
            folds.append(fold)
            auroc = fold.fitted.history[-1].get("val_logits_auroc", float("nan"))
            console.print(f"Fold {len(folds)} of {config.folds}: AUROC of all labels {auroc:.3f}")
        facts = BundleFacts(self.version, self._credits(mapping))
        _tell(self.out, make_findings_bundle(config, data, folds, self.out, facts, screener))

    def _config(self, settings: Mapping[str, Any], seed: int) -> FindingsConfig:
        weights = sha256_of(self.weights) if self.weights else None
        return with_settings(FindingsConfig(seed=seed, starting_weights=weights), settings)

    def _load(
        self, labelled: LabelledSet, config: FindingsConfig
    ) -> tuple[FindingsData, Screener | None]:
        needed = config.preprocessing.region == "lung_field"
        screener = load_registry()[1].screener(needed=needed)
        # Beside the checkpoints: a run that is continued needs both.
        file = self.checkpoints / "films.bin"
        data = load_findings(
            labelled,
            config,
            screener,
            file,
            rereads=read_rereads(self.data),
            progress=show_progress,
        )
        if data.left_out:
            console.print(
                f"{counted(len(data.left_out), 'image')} cannot be read and were left out: "
                f"{first_few(data.left_out)}."
            )
        return data, screener

    def _credits(self, mapping: LabelTable | None) -> tuple[DataCredit, ...]:
        if mapping is not None:
            return ()
        return tuple(
            each.credit
            for each in DATASETS.values()
            if each.labels is not None and each.labels.find(self.data)
        )


def _tell(out: Path, card: Card) -> None:
    for task in card.tasks_in_order:
        figures = task.metrics[task.assessment.split]
        auroc = figures.auroc
        assessed = "" if card.is_assessed(task.finding) else ", not assessed"
        typer.echo(
            f"{task.finding.value}: AUROC {auroc.value:.3f} ({auroc.low:.3f} to {auroc.high:.3f}), "
            f"{figures.positives} of {counted(figures.images, 'image')}{assessed}"
        )
    typer.echo(str(out))
