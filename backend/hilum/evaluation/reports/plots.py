"""Plots of figures, for notebooks and cards. None shows a radiograph."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from hilum.findings import Finding


def plot_history(axes: Axes, history: Sequence[Mapping[str, float]], best_epoch: int) -> None:
    """Training and validation loss by epoch, the kept epoch marked."""
    epochs = np.arange(1, len(history) + 1)
    axes.plot(epochs, [entry["loss"] for entry in history], label="training")
    axes.plot(epochs, [entry["val_loss"] for entry in history], label="validation")
    axes.axvline(best_epoch, color="grey", linestyle=":", label="kept")
    axes.set(xlabel="epoch", ylabel="loss", title="Learning curves")
    axes.legend()


def roc_points(
    is_positive: NDArray[np.bool_], score: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """False-positive and true-positive rates at every threshold, from (0, 0) to (1, 1)."""
    hits = is_positive[np.argsort(-score, kind="stable")]
    true_rate = np.concatenate([[0.0], np.cumsum(hits) / max(1, hits.sum())])
    false_rate = np.concatenate([[0.0], np.cumsum(~hits) / max(1, (~hits).sum())])
    return false_rate, true_rate


def plot_roc(
    axes: Axes,
    is_positive: NDArray[np.bool_],
    score: NDArray[np.float64],
    *,
    threshold: float,
    label: str,
) -> None:
    """ROC curve with the operating point on it."""
    axes.plot(*roc_points(is_positive, score), label=label)
    called = score >= threshold
    axes.plot(
        called[~is_positive].mean(), called[is_positive].mean(), "o", label=f"at {threshold:.2f}"
    )
    axes.set(xlabel="1 - specificity", ylabel="sensitivity", title="ROC")
    axes.set_aspect("equal")
    axes.legend(loc="lower right")


def plot_confusion(axes: Axes, confusion: Mapping[str, Mapping[str, int]]) -> None:
    """Confusion matrix, true findings in rows, the most probable ones in columns."""
    counts = np.array([list(row.values()) for row in confusion.values()])
    axes.imshow(counts / counts.sum(axis=1, keepdims=True), cmap="Blues", vmin=0, vmax=1)
    names = [Finding(code).label for code in confusion]
    axes.set_xticks(range(len(names)), names, rotation=20)
    axes.set_yticks(range(len(names)), names)
    for (i, j), count in np.ndenumerate(counts):
        shade = "white" if count > 0.5 * counts[i].sum() else "black"
        axes.text(j, i, str(count), ha="center", va="center", color=shade)
    axes.set(xlabel="read as", ylabel="true", title="Confusion matrix")


def plot_bland_altman(
    axes: Axes, measured: NDArray[np.float64], drawn: NDArray[np.float64], *, what: str
) -> None:
    """Difference against mean, with bias and limits of agreement (Bland and Altman, 1986)."""
    difference = measured - drawn
    bias, spread = difference.mean(), 1.96 * difference.std()
    axes.plot((measured + drawn) / 2, difference, "o", markersize=3)
    for level, style in ((bias, "-"), (bias - spread, ":"), (bias + spread, ":")):
        axes.axhline(level, color="grey", linestyle=style)
        axes.text(1.0, level, f" {level:+.3f}", transform=axes.get_yaxis_transform(), va="center")
    axes.set(xlabel=f"mean {what}", ylabel="measured - drawn", title="Bland-Altman")


def plot_reliability(
    axes: Axes, is_positive: NDArray[np.bool_], probability: NDArray[np.float64], *, bins: int = 10
) -> None:
    """Observed share against predicted probability."""
    index = np.minimum((probability * bins).astype(int), bins - 1)
    filled = [b for b in range(bins) if (index == b).any()]
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    axes.plot(
        [probability[index == b].mean() for b in filled],
        [is_positive[index == b].mean() for b in filled],
        "o-",
    )
    axes.set(xlabel="predicted probability", ylabel="observed share", title="Reliability")
    axes.set_aspect("equal")
