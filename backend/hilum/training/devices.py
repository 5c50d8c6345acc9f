"""Devices and number formats that training runs in."""

from collections.abc import Iterator
from contextlib import contextmanager

import keras

_PARALLEL_BACKEND = "jax"


def share_batches(batch_size: int) -> int:
    """Split each batch over the devices of this machine, from now on.

    Keras does this with its JAX backend (``KERAS_BACKEND=jax``); with another, training runs as it
    was. Each device has all weights (data parallelism), and the result is that of one device up to
    rounding.

    Parameters
    ----------
    batch_size : int
        Images in a batch. As many devices are used as can have equal parts of it.

    Returns
    -------
    int
        Number of devices.
    """
    if keras.backend.backend() != _PARALLEL_BACKEND:
        return 1
    devices = keras.distribution.list_devices()
    count = max(n for n in range(1, len(devices) + 1) if batch_size % n == 0)
    if count > 1:
        keras.distribution.set_distribution(
            keras.distribution.DataParallel(devices=devices[:count])
        )
    return count


def device_count() -> int:
    """Number of devices that batches are split over: each batch has a multiple of it."""
    distribution = keras.distribution.distribution()
    return 1 if distribution is None else int(distribution.device_mesh.devices.size)


@contextmanager
def number_format(*, is_mixed: bool) -> Iterator[None]:
    """Networks that are made within compute in bfloat16 if `is_mixed`, with weights in float32."""
    before = keras.config.dtype_policy()
    if is_mixed:
        keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
