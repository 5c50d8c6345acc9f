"""What tests of training share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hilum.architectures import classifiers

# Networks of the tests' own, found by name beside Hilum's. Before Keras trains a network, it
# traces every layer and every weight's update: of few, that takes seconds.
classifiers.__path__.append(str(Path(__file__).parent / "architectures"))


@pytest.fixture
def untraced() -> Iterator[None]:
    """Run networks operation by operation: for a few steps, tracing a graph takes far longer."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
