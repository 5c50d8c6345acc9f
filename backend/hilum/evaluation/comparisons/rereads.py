"""A model, and the labels that it learned from, against radiologists who read the images again."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hilum.datasets.rereads import REREAD_LABELS, reread_answers
from hilum.evaluation.figures import statistics as stats
from hilum.evaluation.figures.resampling import PatientBootstrap
from hilum.findings import Finding
from hilum.models.measured import TrialFigure

LEAST_POSITIVES = 15
"""With fewer, or as few without, no figure is stated."""


def against_rereads(
    rereads: pd.DataFrame,
    stems: Sequence[str],
    patients: Sequence[str],
    scores: NDArray[np.floating],
    labels: NDArray[np.floating],
    findings: Sequence[Finding],
) -> dict[Finding, tuple[TrialFigure, ...]]:
    """Figures of each finding that radiologists have a similar label of.

    Parameters
    ----------
    rereads : DataFrame
        See `hilum.datasets.rereads.read_rereads`.
    stems, patients : sequence of str, length n
        Of the images.
    scores : ndarray of float, shape (n, k)
        By the model, of images that it was not trained on.
    labels : ndarray of float, shape (n, k)
        The data set's own: 1, 0, or not a number.
    findings : sequence of Finding, length k

    Returns
    -------
    mapping of Finding to tuple of TrialFigure
        For each label of the radiologists: AUROC of the model; sensitivity, specificity and Cohen's
        kappa of the data set's label.
    """
    found: dict[Finding, list[TrialFigure]] = {}
    for label in REREAD_LABELS:
        answers = reread_answers(rereads, label, list(stems))
        for finding in label.findings:
            if finding not in findings:
                continue
            at = list(findings).index(finding)
            known = np.flatnonzero(~np.isnan(answers) & ~np.isnan(labels[:, at]))
            truth, said = answers[known] == 1, labels[known, at] == 1
            if min(truth.sum(), (~truth).sum()) < LEAST_POSITIVES:
                continue
            of_patients = [patients[int(row)] for row in known]
            resamples = PatientBootstrap(of_patients)
            figures = {
                "AUROC": partial(stats.auroc, truth, scores[known, at].astype(np.float64)),
                "sensitivity of the data set's label": partial(stats.share, truth, said),
                "specificity of the data set's label": partial(stats.share, ~truth, ~said),
                "kappa of the data set's label": partial(stats.cohens_kappa, truth, said),
            }
            for words, figure in figures.items():
                interval = resamples.interval(figure)
                if interval is not None:
                    found.setdefault(finding, []).append(
                        TrialFigure(
                            words=f"{label.words}: {words}",
                            figure=interval,
                            images=len(known),
                            patients=len(set(of_patients)),
                        )
                    )
    return {finding: tuple(each) for finding, each in found.items()}
