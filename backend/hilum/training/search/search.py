"""Search for better settings: single changes first, then proposals by Optuna."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, TrialState
from pydantic import BaseModel

from hilum.errors import DatasetError
from hilum.evaluation.figures import statistics as stats
from hilum.training.classifier.pneumonia_config import PneumoniaConfig
from hilum.training.search.space import Settings, Space, setting_of, single_changes, with_settings

_STUDY, _TRIALS = "study.log", "trials"


class TrialFigures(BaseModel):
    """Figures of one trial, on patients not used for training.

    Attributes
    ----------
    settings : dict
        Settings that differ from the base.
    log_loss, changed_log_loss : float
        Mean negative log-likelihood of pneumonia or none, after calibration, in nats, for the
        unchanged and for the changed films.
    sensitivity, specificity : float
        At the trial's own operating point, on the changed films.
    parts_auroc : float
        On the unchanged films with pneumonia.
    images : int
        Number of unchanged films.
    probabilities : list of float
        Probabilities of pneumonia, for the unchanged films and then for the changed ones; used to
        compare trials in pairs.
    """

    settings: Settings
    log_loss: float
    changed_log_loss: float
    auroc: float
    changed_auroc: float
    sensitivity: float
    specificity: float
    parts_auroc: float
    parameters: int
    images: int
    probabilities: list[float]

    @property
    def objective(self) -> float:
        """Objective to minimise: the log loss, half of it on changed films."""
        return (self.log_loss + self.changed_log_loss) / 2


Run = Callable[[PneumoniaConfig, Settings, Path], TrialFigures]
"""Train once with these settings, from checkpoints in a folder, and measure."""


def search(
    base: PneumoniaConfig,
    space: Space,
    folder: Path,
    run: Run,
    *,
    trials: int,
    each_alone: bool = True,
    report: Callable[[Sequence[TrialFigures]], None] = lambda found: None,  # noqa: ARG005
) -> list[TrialFigures]:
    """Run trials until there are so many, going on with a study that is in `folder`.

    A trial that was killed is run again, from its own checkpoints.

    Parameters
    ----------
    folder : Path
        Holds the study and each trial's checkpoints.
    run : callable
        See `Run`.
    trials : int
        In all, the base's own included.
    each_alone : bool
        Begin with the base and each change by itself, which tells what each gives; the rest,
        or all, is proposed by a tree-structured Parzen estimator (Bergstra et al., NIPS 2011).
    report : callable
        Told all figures after each trial.

    Returns
    -------
    list of TrialFigures
        In the order they were run in.

    Raises
    ------
    DatasetError
        The space names what cannot vary, or the folder holds a study of another base or space.
    """
    for settings in single_changes(space, base):
        with_settings(base, settings)
    folder.mkdir(parents=True, exist_ok=True)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        storage=optuna.storages.JournalStorage(JournalFileBackend(str(folder / _STUDY))),
        study_name="search",
        sampler=optuna.samplers.TPESampler(seed=base.seed + _finished(folder)),
        load_if_exists=True,
    )
    _check_same(study, base, space)
    if not study.trials and each_alone:
        for settings in single_changes(space, base):
            study.enqueue_trial({name: setting_of(base, name) for name in space} | settings)
    _queue_killed(study)

    def objective(trial: optuna.Trial) -> float:
        drawn = {name: knob.suggest(trial, name) for name, knob in space.items()}
        settings = {name: value for name, value in drawn.items() if value != setting_of(base, name)}
        place = folder / _TRIALS / _short_name(settings)
        figures = run(with_settings(base, settings), settings, place)
        trial.set_user_attr("figures", figures.model_dump(mode="json"))
        return figures.objective

    while len(found := _found(study)) < trials:
        study.optimize(objective, n_trials=1)
        report(_found(study))
    return found


def measured(
    settings: Settings,
    probability: NDArray[np.float64],
    is_ill: NDArray[np.bool_],
    count: int,
    threshold: float,
    *,
    parts_auroc: float,
    parameters: int,
) -> TrialFigures:
    """Figures of a trial.

    Parameters
    ----------
    probability : ndarray, shape (n,), in [0, 1]
        Calibrated, of pneumonia: first the films as they are, then under changes.
    is_ill : ndarray of bool, shape (n,)
    count : int
        How many films there are as they are.
    threshold : float
        The operating point.
    """
    loss = log_losses(probability, is_ill)
    changed, truth = probability[count:], is_ill[count:]
    return TrialFigures(
        settings=settings,
        log_loss=float(loss[:count].mean()),
        changed_log_loss=float(loss[count:].mean()),
        auroc=float(stats.auroc(is_ill[:count], probability[:count])[0]),
        changed_auroc=float(stats.auroc(truth, changed)[0]),
        sensitivity=float((changed[truth] >= threshold).mean()),
        specificity=float((changed[~truth] < threshold).mean()),
        parts_auroc=parts_auroc,
        parameters=parameters,
        images=count,
        probabilities=[round(float(p), 5) for p in probability],
    )


def log_losses(probability: NDArray[np.float64], is_ill: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Negative log-likelihood of each film's truth, in nats, shape (n,)."""
    likely = np.where(is_ill, probability, 1 - probability)
    return np.asarray(-np.log(np.clip(likely, 1e-6, 1)))


def _found(study: optuna.Study) -> list[TrialFigures]:
    done = study.get_trials(states=(TrialState.COMPLETE,))
    return [_figures(trial) for trial in done]


def _figures(trial: FrozenTrial) -> TrialFigures:
    return TrialFigures.model_validate(trial.user_attrs["figures"])


def _queue_killed(study: optuna.Study) -> None:
    for trial in study.get_trials(states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)
    settled = study.get_trials(states=(TrialState.COMPLETE, TrialState.WAITING))
    known = [trial.params or trial.system_attrs.get("fixed_params") for trial in settled]
    for trial in study.get_trials(states=(TrialState.FAIL,)):
        if trial.params not in known:
            known.append(trial.params)
            study.enqueue_trial(trial.params)


def _finished(folder: Path) -> int:
    """Number of trials in a study's folder; a sampler with the same seed would repeat proposals."""
    return len(list((folder / _TRIALS).glob("*")))


def _check_same(study: optuna.Study, base: PneumoniaConfig, space: Space) -> None:
    now = {
        "base": base.model_dump(mode="json"),
        "space": {name: knob.model_dump(mode="json") for name, knob in space.items()},
    }
    before = study.user_attrs.get("about")
    if before is None:
        study.set_user_attr("about", now)
    elif before != json.loads(json.dumps(now)):
        raise DatasetError(
            "This folder holds a search with other settings to begin from or to vary. "
            "Take another folder, or the settings that it began with."
        )


def _short_name(settings: Settings) -> str:
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:12]
