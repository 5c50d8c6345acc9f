"""Shortcut test: how well the label can be predicted without the lungs.

Quantifies the tests of Zech et al. (PLoS Medicine 15(11), 2018) and DeGrave et al. (Nature Machine
Intelligence 3, 2021): AUROC of a model on images with filled lungs, and AUROC of linear
classifiers on features without anatomy.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from hilum.errors import DatasetError
from hilum.evaluation.figures.resampling import PatientBootstrap
from hilum.evaluation.figures.statistics import auroc
from hilum.evaluation.robustness.suite import Progress, draw_sample
from hilum.evaluation.shortcuts.acquisition import border, histogram, properties, size
from hilum.evaluation.shortcuts.report import WORDS, ShortcutRow, Shortcuts
from hilum.imaging import Radiograph
from hilum.models.anatomy import Anatomy, LungField
from hilum.models.anatomy.masking import fill_chest, fill_chest_box, fill_surroundings

ReadInField = Callable[[Sequence[Radiograph], Sequence[LungField | None]], NDArray[np.float64]]
"""Probability of the target for each radiograph and its lung field; nan if refused."""
ReadMaps = Callable[[Sequence[Radiograph], Sequence[LungField]], NDArray[np.float64]]
"""The model's activation maps for each radiograph and its lung field, shape (n, k)."""
Measure = Callable[[Sequence[Radiograph]], Sequence[Anatomy]]
"""The anatomy of radiographs: `hilum.models.anatomy.AnatomyReader.read_many`."""
Folds = list[tuple[NDArray[np.intp], NDArray[np.intp]]]

_FOLDS = 5
_MASKINGS = {"without_chest": fill_chest, "without_box": fill_chest_box, "chest": fill_surroundings}


def shortcuts(
    radiographs: Sequence[Radiograph],
    is_positive: NDArray[np.bool_],
    patients: Sequence[str],
    *,
    read: ReadInField | None = None,
    measure: Measure | None = None,
    read_maps: ReadMaps | None = None,
    series: Sequence[str | None] | None = None,
    seed: int = 0,
    sample: int | None = None,
    batch_size: int = 32,
    progress: Progress | None = None,
) -> Shortcuts:
    """Run the shortcut test; without `read` and `measure` on the data alone.

    Parameters
    ----------
    radiographs : sequence of Radiograph
        Taken by index, each once: it may decode on the way.
    is_positive : ndarray of bool, shape (n,)
    patients : sequence of str, length n
    read : callable, optional
        See `ReadInField`. It gets the lung field of the unmasked image, which cannot be found if
        the lungs are filled; for the same reason it must not apply the suitability check.
    measure : callable, optional
        See `Measure`; goes with `read`.
    read_maps : callable, optional
        See `ReadMaps`; goes with `read`. On radiographs without the finding, so that the finding
        does not tell the acquisition.
    series : sequence of (str or None), length n, optional
        Series of each radiograph, where known.
    seed : int
        Of the folds and of the sample.
    sample : int, optional
        Run on so many pictures, drawn at random.
    progress : callable, optional
        See `hilum.evaluation.robustness.suite.Progress`.

    Raises
    ------
    DatasetError
        A class has fewer patients than there are folds.
    """
    chosen = draw_sample(len(radiographs), sample, seed)
    truth, owners = is_positive[chosen], np.array([patients[int(i)] for i in chosen])
    _check(truth, owners)
    batches = [chosen[i : i + batch_size] for i in range(0, len(chosen), batch_size)]
    seen: dict[str, list[NDArray[np.float64]]] = {"border": [], "histogram": [], "size": []}
    said = []
    maps: dict[int, NDArray[np.float64]] = {}
    for batch in progress(batches) if progress else batches:
        pictures = [radiographs[int(index)] for index in batch]
        for picture in pictures:
            seen["border"].append(border(picture))
            seen["histogram"].append(histogram(picture))
            seen["size"].append(size(picture))
        if read is not None and measure is not None:
            found = measure(pictures)
            said.append(_read_masked(pictures, read, found))
            if read_maps is not None:
                first = len(seen["size"]) - len(pictures)
                is_negative = ~truth[first : first + len(pictures)]
                maps |= _maps_of_negatives(pictures, found, is_negative, read_maps, first)
    rows, left_out = [], 0
    if said:
        scores = np.concatenate(said, axis=1)
        left_out = int(np.isnan(scores).any(axis=0).sum())
        rows = _model_rows(scores, truth, owners)
    folds = patient_folds(truth, owners, seed=seed)
    rows += [
        _row(code, truth, owners, told_apart(np.stack(features), truth, folds))
        for code, features in seen.items()
    ]
    if maps:
        of_sample = [series[int(i)] for i in chosen] if series else [None] * len(chosen)
        rows += _acquisition_rows(maps, seen, of_sample, owners, seed)
    return Shortcuts(
        images=len(truth),
        patients=len(set(owners.tolist())),
        left_out=left_out,
        seed=seed,
        rows=tuple(rows),
    )


def _check(truth: NDArray[np.bool_], patients: NDArray[np.str_]) -> None:
    for is_positive, name in ((True, "positive"), (False, "negative")):
        found = len(set(patients[truth == is_positive].tolist()))
        if found < _FOLDS:
            raise DatasetError(
                f"The shortcut test needs {_FOLDS} patients of each class; the {name} pictures "
                f"come from {found}. Take a larger sample."
            )


def _read_masked(
    pictures: Sequence[Radiograph], read: ReadInField, found: Sequence[Anatomy]
) -> NDArray[np.float64]:
    """Probabilities, whole and under each masking, shape (1 + maskings, n); nan without lungs."""
    said = np.full((1 + len(_MASKINGS), len(pictures)), np.nan)
    with_lungs = [i for i, anatomy in enumerate(found) if anatomy.lung_field is not None]
    if not with_lungs:
        return said
    fields = [found[i].lung_field for i in with_lungs]
    said[0, with_lungs] = read([pictures[i] for i in with_lungs], fields)
    for row, fill in enumerate(_MASKINGS.values(), start=1):
        masked = [fill(pictures[i], found[i].organs) for i in with_lungs]
        said[row, with_lungs] = read(masked, fields)
    return said


def _maps_of_negatives(
    pictures: Sequence[Radiograph],
    found: Sequence[Anatomy],
    is_negative: NDArray[np.bool_],
    read: ReadMaps,
    first: int,
) -> dict[int, NDArray[np.float64]]:
    """Activation maps of pictures without the finding and with lungs, by their row from `first`."""
    fields = {
        row: anatomy.lung_field
        for row, anatomy in enumerate(found)
        if is_negative[row] and anatomy.lung_field is not None
    }
    if not fields:
        return {}
    said = read([pictures[row] for row in fields], list(fields.values()))
    return {first + row: maps for row, maps in zip(fields, said, strict=True)}


def _acquisition_rows(
    maps: dict[int, NDArray[np.float64]],
    seen: dict[str, list[NDArray[np.float64]]],
    series: Sequence[str | None],
    patients: NDArray[np.str_],
    seed: int,
) -> list[ShortcutRow]:
    """How well maps predict how a radiograph was acquired; None with too few patients."""
    kept = list(maps)
    features, owners = np.stack(list(maps.values())), patients[kept]
    borders, sizes = (np.stack(seen[code])[kept] for code in ("border", "size"))
    rows = []
    for name, (known, is_in) in properties(borders, sizes, [series[row] for row in kept]).items():
        of = owners[known]
        score = None
        if min(len(set(of[is_in == each])) for each in (True, False)) >= _FOLDS:
            score = told_apart(features[known], is_in, patient_folds(is_in, of, seed=seed))
        rows.append(_row(f"maps_{name}", is_in, of, score))
    return rows


def _model_rows(
    scores: NDArray[np.float64], truth: NDArray[np.bool_], patients: NDArray[np.str_]
) -> list[ShortcutRow]:
    """Rows on those radiographs that the model reads in every form, so that they compare."""
    kept = ~np.isnan(scores).any(axis=0)
    codes = ["model_whole", *(f"model_{name}" for name in _MASKINGS)]
    return [
        _row(code, truth[kept], patients[kept], each[kept])
        for code, each in zip(codes, scores, strict=True)
    ]


def _row(
    code: str,
    truth: NDArray[np.bool_],
    patients: NDArray[np.str_],
    score: NDArray[np.float64] | None,
) -> ShortcutRow:
    title, meaning = WORDS[code]
    figure = None
    if score is not None and truth.any() and not truth.all():
        resamples = PatientBootstrap(patients.tolist())
        figure = resamples.interval(lambda weights: auroc(truth, score, weights))
    return ShortcutRow(code=code, title=title, meaning=meaning, images=len(truth), auroc=figure)


def patient_folds(
    is_positive: NDArray[np.bool_], patients: NDArray[np.str_], *, seed: int = 0
) -> Folds:
    """Split pictures into five folds; all pictures of a patient are in one.

    Parameters
    ----------
    is_positive : ndarray of bool, shape (n,)
    patients : ndarray of str, shape (n,)

    Returns
    -------
    list of (ndarray of int, ndarray of int)
        Indices to fit on, and those left out.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=seed)
    return list(folds.split(is_positive, is_positive, patients))


def told_apart(
    features: NDArray[np.float64], is_positive: NDArray[np.bool_], folds: Folds
) -> NDArray[np.float64] | None:
    """Scores of a logistic regression for pictures of patients that it was not fitted on.

    Parameters
    ----------
    features : ndarray of float64, shape (n, k)
    is_positive : ndarray of bool, shape (n,)
    folds : list of (ndarray of int, ndarray of int)
        See `patient_folds`.

    Returns
    -------
    ndarray of float64, shape (n,), or None
        Ranks within the fold, in [0, 1]: scores of different fits do not compare otherwise.
        None where all pictures have the same features.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if np.all(features == features[0]):
        return None
    score = np.empty(len(features))
    for fitted_on, left_out in folds:
        # Strong shrinkage: there may be as many features as pictures.
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=2000))
        model.fit(features[fitted_on], is_positive[fitted_on])
        said = model.decision_function(features[left_out])
        score[left_out] = np.searchsorted(np.sort(said), said) / len(said)
    return score
