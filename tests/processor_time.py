"""A bound on the processor time of a block, whatever other tests have left in the process."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def processor_time_under(seconds: float) -> Iterator[None]:
    """Assert that the block takes less processor time than this, of its own thread.

    Other threads, of services that fixtures keep, are not counted, and there is no garbage
    collection, which takes over a second for the objects of all other tests together.
    """
    gc.disable()
    started = time.thread_time()
    try:
        yield
        taken = time.thread_time() - started
    finally:
        gc.enable()
    assert taken < seconds
