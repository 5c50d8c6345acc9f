"""What one file may take, and how many workers there are."""

import pytest

from hilum.isolation import Budget, default_workers
from hilum.isolation.budget import available_bytes

GB = 2**30


@pytest.mark.parametrize(
    ("memory_bytes", "expected"),
    # A quarter of the memory, by 512 + 256 + 64 + 64 MB a worker.
    [(2 * GB, 1), (4 * GB, 1), (8 * GB, 2), (16 * GB, 4), (24 * GB, 6), (64 * GB, 8)],
)
def test_all_workers_together_stay_within_a_quarter_of_the_memory(
    memory_bytes: int, expected: int
) -> None:
    assert default_workers(8, Budget(), memory_bytes) == expected


def test_a_container_has_less_memory_than_its_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("cgroup")
    (folder / "memory.max").write_text("536870912\n")
    (folder / "unlimited").write_text("max\n")
    paths = (folder / "memory.max", folder / "unlimited", folder / "absent")
    monkeypatch.setattr("hilum.isolation.budget._CGROUP_LIMITS", paths)
    assert available_bytes() == 512 * 2**20
    monkeypatch.setattr("hilum.isolation.budget._CGROUP_LIMITS", paths[1:])
    assert available_bytes() > 512 * 2**20


def test_a_large_file_has_more_time() -> None:
    assert Budget(cpu_seconds=1).seconds_for(8 * 2**20) == 5


@pytest.mark.parametrize(
    ("cpu_seconds", "megabytes", "cpu", "wall"),
    # At most 9 s for its size; 20 times as long at first, 30 s then, and at least three times.
    [(1, 0, 1, 20), (1, 1, 1.5, 30), (1, 64, 10, 30), (11, 64, 20, 60)],
)
def test_time_has_a_limit_of_its_own(
    cpu_seconds: float, megabytes: int, cpu: float, wall: float
) -> None:
    budget = Budget(cpu_seconds)
    assert budget.seconds_for(megabytes * 2**20) == cpu
    assert budget.wall_seconds_for(megabytes * 2**20) == wall
