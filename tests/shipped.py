"""Where the bundles that are shipped lie."""

from pathlib import Path

MODELS = Path(__file__).parents[1] / "ml_model"
SHIPPED = MODELS / "pneumonia"
