"""Ways to choose decisions for several acquisitions, measured on the same acquisitions.

Reads the file that `hilum train pneumonia --across-numbers --predictions FILE` wrote. Prints
Markdown: sensitivity and specificity at thresholds by two criteria and at others; coverage and the
share of uncertain images for several nominal coverages.

    python -m benchmarks.decisions_across ml_model/pneumonia/acquisitions.csv --threshold 0.67
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hilum.evaluation.calibration.decisions import (
    Scored,
    balanced_threshold,
    fit_conformal,
    youden_threshold,
)
from hilum.findings import Finding
from hilum.models.task import Presence
from hilum.training.classifier.acquisitions import read_acquisitions
from hilum.training.classifier.tune import scored_of

COVERAGES = (0.90, 0.92, 0.93, 0.94, 0.95)


def rates(group: Scored, threshold: float) -> tuple[float, float]:
    """Sensitivity and specificity."""
    called = group.probability >= threshold
    return float(called[group.is_positive].mean()), float((~called)[~group.is_positive].mean())


def worst_youden(groups: Sequence[Scored]) -> float:
    """Threshold with the largest smallest index of Youden."""
    scores = np.unique(np.concatenate([group.probability for group in groups]))
    worst = [min(sum(rates(group, score)) for group in groups) for score in scores]
    return float(scores[int(np.argmax(worst))])


def main(arguments: Sequence[str] | None = None) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--threshold", type=float, nargs="*", default=[])
    asked = parser.parse_args(arguments)
    groups = {name: scored_of(said) for name, said in read_acquisitions(asked.file).items()}
    every = list(groups.values())
    chosen = {"largest smallest index of Youden": worst_youden(every)}
    chosen |= {f"Youden on {name}": youden_threshold(group) for name, group in groups.items()}
    chosen["largest minimum of all rates"] = balanced_threshold(every)
    print(f"| threshold | chosen by | {' | '.join(groups)} | smallest index | smallest rate |")
    print("|---" * (4 + len(groups)) + "|")
    rows = [*chosen.items(), *(("asked for", each) for each in asked.threshold)]
    for criterion, threshold in sorted(rows, key=lambda row: row[1]):
        found = [rates(group, threshold) for group in every]
        cells = [f"{sensitivity:.3f}, {specificity:.3f}" for sensitivity, specificity in found]
        smallest = f"{min(map(sum, found)) - 1:.3f} | {min(map(min, found)):.3f}"
        print(f"| {threshold:.3f} | {criterion} | {' | '.join(cells)} | {smallest} |")
    print("\n| nominal coverage | quantiles, absent and present | "
          + " | ".join(f"{name}: covered with and without, uncertain with and without"
                       for name in groups) + " |")  # fmt: skip
    print("|---" * (2 + len(groups)) + "|")
    for coverage in COVERAGES:
        quantiles = fit_conformal(
            every, finding=Finding.PNEUMONIA, coverage=coverage, fitted_on=""
        ).quantiles
        cells = []
        for group in every:
            is_absent = group.probability <= quantiles[Presence.ABSENT]
            is_present = 1 - group.probability <= quantiles[Presence.PRESENT]
            uncertain = is_absent == is_present
            of = group.is_positive
            shares = (is_present[of], is_absent[~of], uncertain[of], uncertain[~of])
            cells.append(", ".join(f"{share.mean():.3f}" for share in shares))
        both = ", ".join(f"{quantiles[each]:.3f}" for each in (Presence.ABSENT, Presence.PRESENT))
        print(f"| {coverage:.0%} | {both} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
