"""Classification networks, looked up by the name of their folder.

Each folder has a module `architecture` with an `ARCHITECTURE`; see `Classifier`. One with published
starting weights has a module `source`, which says where they are fetched. Names are listed without
importing any architecture, since that imports Keras.
"""

import importlib
import pkgutil
from importlib.util import find_spec

from hilum.architectures.classifiers.classifier import Classifier
from hilum.datasets.downloads.source import Source


def classifier_names() -> tuple[str, ...]:
    """Return the names of the classifiers for training."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg))


def find_classifier(name: str) -> Classifier:
    """Look an architecture up by its name.

    Parameters
    ----------
    name : str
        One of `classifier_names()`.

    Raises
    ------
    KeyError
        There is no architecture of that name.
    """
    if name not in classifier_names():
        raise KeyError(name)
    found = importlib.import_module(f"{__name__}.{name}.architecture").ARCHITECTURE
    assert isinstance(found, Classifier)
    return found


def weights_sources() -> tuple[Source, ...]:
    """Where the starting weights are fetched from: the ``SOURCE`` of each module `source`."""
    modules = (f"{__name__}.{name}.source" for name in classifier_names())
    return tuple(importlib.import_module(each).SOURCE for each in modules if find_spec(each))


__all__ = ["Classifier", "classifier_names", "find_classifier", "weights_sources"]
