"""Errors come from a worker as they were raised there."""

import errno
import inspect
import os
from collections.abc import Iterator

import pytest

from hilum import errors
from hilum.isolation.pool import WorkerPool
from hilum.reporting.errors import ReportError
from hilum.store import errors as store_errors
from hilum.store.errors import RefusalCode, RefusedError
from hilum.store.faults import environment_fault
from tests.isolation import tasks

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")

_ARGUMENTS = {
    errors.UnknownModelError: ("adults", ("pneumonia", "findings")),
    errors.UnsuitableRadiographError: ([("not_upright", "It lies on its side.")],),
    RefusedError: (RefusalCode.DUPLICATE, "It was taken with other bytes."),
    store_errors.FolderError: ("Permission denied",),
}


def _all_errors() -> list[errors.HilumError]:
    made: list[errors.HilumError] = [ReportError("sr belongs into a study.")]
    for module in (errors, store_errors):
        for kind in vars(module).values():
            if inspect.isclass(kind) and issubclass(kind, errors.HilumError):
                takes_words = "__init__" not in vars(kind)
                given = _ARGUMENTS.get(kind, ("Words for people.",) if takes_words else ())
                made.append(kind(*given))
    return made


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool(1)
    yield made
    made.close()


@pytest.mark.parametrize("error", _all_errors(), ids=lambda each: type(each).__name__)
def test_an_error_has_its_class_words_and_attributes(
    pool: WorkerPool, error: errors.HilumError
) -> None:
    with pytest.raises(type(error)) as raised:
        pool.call(tasks.fail, b"", error)
    assert type(raised.value) is type(error)
    assert str(raised.value) == str(error)
    assert vars(raised.value) == vars(error)


def test_a_fault_of_the_system_stays_known_as_the_cause(pool: WorkerPool) -> None:
    with pytest.raises(errors.CorruptImageError) as raised:
        pool.call(tasks.fail_of, b"", errno.ENOSPC)
    cause = raised.value.__cause__
    assert isinstance(cause, OSError)
    assert cause.errno == errno.ENOSPC
    assert environment_fault(raised.value) == "there is no room on the disk"


def test_an_error_that_is_its_own_cause_comes_as_any_other(pool: WorkerPool) -> None:
    with pytest.raises(errors.CorruptImageError) as raised:
        pool.call(tasks.fail_in_a_circle, b"")
    assert environment_fault(raised.value) is None
    raised.value.__cause__ = raised.value
    assert environment_fault(raised.value) is None
