"""No worker outlives the service, however that ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")

# Without a guard against being run again: nothing runs it again.
_SCRIPT = """
import sys, threading
from hilum.isolation.pool import WorkerPool
from tests.isolation import tasks

pool = WorkerPool(2)
found = [pool.call(tasks.number, b""), pool._starter._zygote.pid]
threading.Thread(target=pool.call, args=(tasks.sleep, b"", 60), daemon=True).start()
print(*found, flush=True)
sys.stdin.read()
{end}
"""


@pytest.mark.parametrize(
    ("number", "end"),
    [
        pytest.param(signal.SIGKILL, "", id="killed"),
        pytest.param(None, "import os; os._exit(0)", id="left"),
    ],
)
def test_workers_end_with_the_service(number: int | None, end: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _SCRIPT.format(end=end)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        text=True,
    ) as service:
        assert service.stdout is not None
        assert service.stdin is not None
        numbers = [int(each) for each in service.stdout.readline().split()]
        assert len(numbers) == 2
        if number is not None:
            service.send_signal(number)
        service.stdin.close()
    limit = time.monotonic() + 20
    while any(Path(f"/proc/{each}").exists() for each in numbers):
        assert time.monotonic() < limit
        threading.Event().wait(0.02)
