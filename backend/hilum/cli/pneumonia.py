"""Runs of `hilum train pneumonia`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from hilum.cli.common import console, load_registry, show_progress
from hilum.cli.devices import use_devices
from hilum.datasets.folds import across_numbers, folds_by_patient
from hilum.evaluation.reports.card_files import put_acquisitions
from hilum.findings import Finding
from hilum.models import Screener
from hilum.models.bundle import sha256_of
from hilum.models.card import Card
from hilum.training.classifier.acquisitions import read_acquisitions, write_acquisitions
from hilum.training.classifier.cross_validation import cross_validate, decided_across, gather
from hilum.training.classifier.pneumonia import (
    Split,
    fit_pneumonia,
    load_splits,
    told_left_out,
)
from hilum.training.classifier.pneumonia_bundle import calibrate_again, make_bundle
from hilum.training.classifier.pneumonia_config import PneumoniaConfig
from hilum.training.classifier.tune import Acquisitions
from hilum.training.search.space import with_settings


@dataclass(frozen=True, slots=True)
class PneumoniaRun:
    """Files of a run; see the options of the command."""

    data: Path
    out: Path
    checkpoints: Path
    weights: Path | None
    version: str
    acquisitions: Path | None

    def train(self, settings: Mapping[str, Any], seed: int) -> None:
        """Train, calibrate and measure, and write the bundle."""
        acquisitions = self._acquisitions()
        config, screener, splits = self._load(settings, seed)
        fitted = fit_pneumonia(config, splits, checkpoints=self.checkpoints, weights=self.weights)
        card = make_bundle(
            fitted,
            splits,
            config,
            self.out,
            version=self.version,
            screener=screener,
            acquisitions=acquisitions,
        )
        self._tell(card)

    def calibrate_again(self) -> None:
        """Calibrate and measure the bundle's network again."""
        card = calibrate_again(
            self.out,
            self.data,
            version=self.version,
            screener=load_registry()[1].screener(needed=False),
            acquisitions=self._acquisitions(),
            progress=show_progress,
        )
        self._tell(card)

    def cross_validate(
        self,
        settings: Mapping[str, Any],
        seed: int,
        folds: int | None,
        *,
        decide_across: bool,
        predictions: Path | None,
        into_card: bool,
    ) -> None:
        """Measure a configuration on the train split, in folds or across film numbers.

        Parameters
        ----------
        folds : int or None
            None: across film numbers.
        decide_across : bool
            See `decided_across`.
        predictions : Path or None
            File to write the predictions across film numbers to.
        into_card : bool
            Write the figures across film numbers to the bundle's card.
        """
        config, screener, splits = self._load(settings, seed)
        train = splits["train"]
        plans = (
            folds_by_patient(train.radiographs, folds, seed=config.seed)
            if folds
            else across_numbers(train.radiographs, seed=config.seed)
        )
        found = []
        for fold in cross_validate(
            config,
            train,
            plans,
            screener,
            checkpoints=self.checkpoints,
            weights=self.weights,
            verbose=0,
        ):
            found.append(fold)
            console.print(f"{fold.name}: AUROC {fold.metrics.auroc.value:.4f}")
        if decide_across:
            found = decided_across(config, found)
        typer.echo(gather(config, found).model_dump_json(indent=2))
        named = {f"{fold.name} film numbers": fold for fold in found}
        if predictions:
            write_acquisitions(predictions, {name: fold.said for name, fold in named.items()})
        if into_card:
            metrics = {name: fold.metrics for name, fold in named.items()}
            put_acquisitions(self.out, Finding.PNEUMONIA, metrics)

    def _acquisitions(self) -> Acquisitions | None:
        return read_acquisitions(self.acquisitions) if self.acquisitions else None

    def _load(
        self, settings: Mapping[str, Any], seed: int
    ) -> tuple[PneumoniaConfig, Screener | None, dict[str, Split]]:
        weights = sha256_of(self.weights) if self.weights else None
        config = with_settings(PneumoniaConfig(seed=seed, starting_weights=weights), settings)
        use_devices(config)
        needed = config.preprocessing.region == "lung_field"
        screener = load_registry()[1].screener(needed=needed)
        splits = load_splits(self.data, config, screener, progress=show_progress)
        for words in told_left_out(splits):
            console.print(words)
        return config, screener, splits

    def _tell(self, card: Card) -> None:
        metrics = card.main_task.metrics["test"]
        auroc = metrics.auroc
        typer.echo(
            f"{self.out}: AUROC {auroc.value:.3f} ({auroc.low:.3f} to {auroc.high:.3f}) on "
            f"{metrics.patients} patients not used in training"
        )
