"""Networks that classify, found by the name of their folder.

Each folder has a module `architecture` with an `ARCHITECTURE`; see `Classifier`. Names are listed
without importing any of them, since that imports Keras.
"""

import importlib
import pkgutil

from hilum.architectures.classifiers.classifier import Classifier

NAMES = tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg))
"""Names of the classifiers that training can be asked for."""


def find_classifier(name: str) -> Classifier:
    """Look an architecture up by its name.

    Parameters
    ----------
    name : str
        One of `NAMES`.

    Returns
    -------
    Classifier

    Raises
    ------
    KeyError
        There is no architecture of that name.
    """
    if name not in NAMES:
        raise KeyError(name)
    found = importlib.import_module(f"{__name__}.{name}.architecture").ARCHITECTURE
    assert isinstance(found, Classifier)
    return found


__all__ = ["NAMES", "Classifier", "find_classifier"]
