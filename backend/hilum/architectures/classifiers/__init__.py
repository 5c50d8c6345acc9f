"""Networks that classify, found by the name of their folder.

Each folder has a module `architecture` with an `ARCHITECTURE`; see `Classifier`. Names are listed
without importing any of them, since that imports Keras.
"""

import importlib
import pkgutil

from hilum.architectures.classifiers.classifier import Classifier


def classifier_names() -> tuple[str, ...]:
    """Return the names of the classifiers that training can be asked for."""
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


__all__ = ["Classifier", "classifier_names", "find_classifier"]
