"""Isolation in which this deployment decodes files."""

from collections.abc import Iterator
from contextlib import contextmanager

from hilum.api.settings import Settings
from hilum.isolation import IN_PROCESS, Budget, Isolation, default_workers
from hilum.isolation.pool import WorkerPool


@contextmanager
def isolation_of(settings: Settings) -> Iterator[Isolation]:
    """Worker processes by the settings, or this process if none are configured.

    Yields
    ------
    Isolation
        Its workers begin to load their libraries, and are ended afterwards.
    """
    if settings.decode_workers == 0:
        yield IN_PROCESS
        return
    budget = Budget(settings.decode_seconds, settings.decode_memory_mb * 2**20)
    count = settings.decode_workers or default_workers(settings.worker_threads, budget)
    pool = WorkerPool(count, budget)
    try:
        pool.prepare()
        yield pool
    finally:
        pool.close()
