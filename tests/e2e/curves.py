"""A card's curves, drawn by arithmetic."""

from typing import Any

import numpy as np


def draw_curves() -> dict[str, Any]:
    """Curves of a model that gives probabilities evenly over [0, 1], better than chance."""
    thresholds = np.linspace(1, 0, 41)
    # Of those with pneumonia, the probability's distribution is t^3; of those without, 1-(1-t)^3.
    return {
        "roc": [
            {"threshold": t, "sensitivity": 1 - t**3, "specificity": 1 - (1 - t) ** 3}
            for t in thresholds.tolist()
        ],
        "precision_recall": [
            {"recall": 1 - t**3, "precision": (1 - t**3) / (1 - t**3 + (1 - t) ** 3)}
            for t in thresholds[1:].tolist()
        ],
        "reliability": [
            {"predicted": p, "observed": p, "count": 20} for p in (0.05, 0.35, 0.65, 0.95)
        ],
        "histogram": {
            "edges": np.linspace(0, 1, 21).tolist(),
            "positive": list(range(1, 21)),
            "negative": list(range(20, 0, -1)),
        },
        "decision": [
            {
                "threshold": t,
                "model": (1 - t**3 - (1 - t) ** 3 * t / (1 - t)) / 2,
                "treat_all": (1 - t / (1 - t)) / 2,
            }
            for t in np.arange(0.02, 0.99, 0.02).tolist()
        ],
    }
