"""Trials of the pneumonia model's recipe, for the search."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hilum.architectures.classifiers import find_classifier
from hilum.evaluation.figures import statistics as stats
from hilum.models import Screener
from hilum.models.calibration import calibrated
from hilum.models.card import Activation
from hilum.training.classifier.pneumonia import (
    Progress,
    Split,
    changed_split,
    fit_pneumonia,
    load_splits,
    predict_logits,
    told_left_out,
)
from hilum.training.classifier.pneumonia_config import PneumoniaConfig
from hilum.training.classifier.tune import BACTERIAL, NORMAL, VIRAL, tune
from hilum.training.search.search import TrialFigures, measured
from hilum.training.search.space import Settings


class PneumoniaTrials:
    """Trains with one configuration after another; films are loaded once.

    Test patients are never looked at.

    Parameters
    ----------
    data : Path
        The data set's folder.
    base : PneumoniaConfig
        Where the films are sampled, and under how many changes validation films are read, is
        the same in all trials.
    screener : Screener or None
    weights : Path or None
        For networks that can start from them.
    progress : callable, optional

    Attributes
    ----------
    left_out : list of str
        What to tell of pictures that cannot be read.
    """

    def __init__(
        self,
        data: Path,
        base: PneumoniaConfig,
        screener: Screener | None,
        weights: Path | None,
        progress: Progress | None = None,
    ) -> None:
        splits = load_splits(data, base, screener, progress=progress)
        self.left_out = told_left_out(splits)
        self._weights = weights
        self._train, self._validation = splits["train"], splits["validation"]
        self._changed = changed_split(self._validation, base, screener)

    @property
    def patients(self) -> list[str]:
        """Of the films in `TrialFigures.probabilities`."""
        return [*self._validation.patients, *self._changed.patients]

    @property
    def is_ill(self) -> NDArray[np.bool_]:
        """Whether those films show pneumonia, shape (n,)."""
        return np.concatenate([part.labels != NORMAL for part in self._measured_on])

    @property
    def _measured_on(self) -> tuple[Split, Split]:
        return self._validation, self._changed

    def __call__(self, config: PneumoniaConfig, settings: Settings, folder: Path) -> TrialFigures:
        """Train and measure; see `hilum.training.search.search.Run`."""
        weights = self._weights if find_classifier(config.architecture).starting_weights else None
        if weights is None:
            config = config.model_copy(update={"starting_weights": None})
        fitted = fit_pneumonia(
            config,
            {"train": self._train, "validation": self._validation},
            checkpoints=folder,
            weights=weights,
            verbose=0,
        )
        logits = np.concatenate(
            [predict_logits(fitted.model, part, config) for part in self._measured_on]
        )
        labels = np.concatenate([part.labels for part in self._measured_on])
        tuned = tune(logits, labels, coverage=config.coverage, fitted_on="validation")
        probabilities = calibrated(logits, tuned.calibration, Activation.SOFTMAX)
        ill = np.flatnonzero(self._validation.labels != NORMAL)
        return measured(
            settings,
            1 - probabilities[:, NORMAL],
            labels != NORMAL,
            len(self._validation.labels),
            tuned.operating_point.threshold,
            parts_auroc=float(
                stats.auroc(
                    self._validation.labels[ill] == BACTERIAL,
                    # Calibration scales the difference and adds a constant: no rank changes.
                    logits[ill, BACTERIAL] - logits[ill, VIRAL],
                )[0]
            ),
            parameters=fitted.model.count_params(),
        )
