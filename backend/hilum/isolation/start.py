"""Start and end of worker processes, by operating system."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from hilum.isolation.budget import Budget
from hilum.isolation.spawned import KEY_BYTES
from hilum.isolation.zygote import ANSWER, NOT_ITS_OWN, REQUEST, Wish

_END_SECONDS = 10
_START_SECONDS = 60
_ANSWER_SECONDS = 5
_ALLOCATOR = {
    # Each thread of a decoder would take another arena out of the budget.
    "MALLOC_ARENA_MAX": "1",
    # What a film took is kept for the next one: a page that is new costs more than its use.
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(128 * 2**20),
}
"""For glibc."""


@dataclass(frozen=True, slots=True)
class Process:
    """A worker as the service sees it.

    Attributes
    ----------
    number : int
        Its process id.
    """

    connection: socket.socket
    number: int

    def kill(self) -> None:
        """Kill the process and those it has started."""
        if hasattr(os, "killpg"):
            with suppress(OSError):
                os.killpg(self.number, signal.SIGKILL)
        with suppress(OSError):
            os.kill(self.number, getattr(signal, "SIGKILL", signal.SIGTERM))


class Starter(Protocol):
    """Starts and ends workers.

    Attributes
    ----------
    passes_files : bool
        Whether open files can be sent to them.
    """

    passes_files: bool

    def prepare(self) -> None:
        """Begin with what takes time, without waiting for it."""

    def start(self) -> Process:
        """Start a worker; raises `OSError` if no more processes can be started."""

    def end(self, process: Process) -> int | None:
        """End a worker; its exit code as `subprocess` has it, by what had ended it before.

        None where it ended with what it was started from.
        """

    def fault(self) -> str | None:
        """Reason why no worker can be started, as a clause; None if one can, or if unknown."""

    def close(self) -> None:
        """End the process that workers are started from."""


class ZygoteStarter:
    """Has workers forked by `hilum.isolation.zygote`, a process of one thread."""

    passes_files = True

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._lock = threading.Lock()
        self._zygote: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._has_answered = False

    def prepare(self) -> None:
        with self._lock:
            self._running()

    def start(self) -> Process:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                number = self._asked_of_any(Wish.FORK, theirs)
        except BaseException:
            ours.close()
            raise
        if number < 0:
            ours.close()
            raise OSError(-number, os.strerror(-number))
        return Process(ours, number)

    def end(self, process: Process) -> int | None:
        process.connection.close()
        try:
            exit_code = self._ask(Wish.END, process.number)
        except OSError:
            return None
        return None if exit_code == NOT_ITS_OWN else exit_code

    def fault(self) -> str | None:
        try:
            number = -self._asked_of_any(Wish.TRY)
        except OSError as exc:
            return exc.strerror
        return os.strerror(number) if number else None

    def close(self) -> None:
        with self._lock:
            self._close()

    def _asked_of_any(self, wish: Wish, passed: socket.socket | None = None) -> int:
        """Ask the running process, or a new one if it has ended or hangs."""
        try:
            return self._ask(wish, 0, passed)
        except OSError:
            return self._ask(wish, 0, passed)

    def _ask(self, wish: Wish, number: int, passed: socket.socket | None = None) -> int:
        with self._lock:
            control = self._running()
            try:
                # At first it loads the libraries.
                control.settimeout(_ANSWER_SECONDS if self._has_answered else _START_SECONDS)
                request = REQUEST.pack(wish, number)
                socket.send_fds(control, [request], [passed.fileno()] if passed else [])
                answer = control.recv(ANSWER.size, socket.MSG_WAITALL)
                (found,) = ANSWER.unpack(answer)
            except Exception as exc:
                # It was killed or hangs. Its workers end with it; the next one starts it anew.
                if self._zygote is not None:
                    self._zygote.kill()
                self._close()
                words = "the process that workers are forked from does not answer"
                raise OSError(0, words) from exc
            self._has_answered = True
            return int(found)

    def _running(self) -> socket.socket:
        if self._control is None:
            ours, theirs = socket.socketpair()
            with theirs:
                try:
                    self._zygote = subprocess.Popen(  # noqa: S603
                        _command("zygote", theirs.fileno(), self._budget),
                        pass_fds=[theirs.fileno()],
                        env=_environment(),
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,
                        # Ctrl-C is for the service, which ends its workers.
                        start_new_session=True,
                    )
                except BaseException:
                    ours.close()
                    raise
            self._control, self._has_answered = ours, False
        return self._control

    def _close(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._zygote is not None:
            try:
                self._zygote.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                self._zygote.kill()
                self._zygote.wait()
            self._zygote = None


class SpawnStarter:
    """Starts an interpreter for each worker, where processes cannot be forked as on Linux."""

    passes_files = False

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    def prepare(self) -> None:
        """There is nothing that they share."""

    def start(self) -> Process:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            listening.settimeout(_START_SECONDS)
            key = secrets.token_bytes(KEY_BYTES)
            worker = subprocess.Popen(  # noqa: S603
                _command("spawned", listening.getsockname()[1], self._budget),
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
            try:
                assert worker.stdin is not None
                worker.stdin.write(key)
                worker.stdin.flush()
                connection = _with_key(listening, key)
            except BaseException:
                _stop(worker)
                raise
        self._running[worker.pid] = worker
        return Process(connection, worker.pid)

    def fault(self) -> str | None:
        """None: no interpreter is started for this check."""
        return None

    def end(self, process: Process) -> int | None:
        process.connection.close()
        return _stop(self._running.pop(process.number))

    def close(self) -> None:
        """Do nothing: each worker was ended by `end`."""


def _with_key(listening: socket.socket, key: bytes) -> socket.socket:
    """The connection of a worker: any process of the machine may connect, but has no key."""
    while True:
        connection, _ = listening.accept()
        connection.settimeout(_START_SECONDS)
        with suppress(OSError):
            if secrets.compare_digest(connection.recv(len(key), socket.MSG_WAITALL), key):
                connection.settimeout(None)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return connection
        connection.close()


def _stop(worker: "subprocess.Popen[bytes]") -> int:
    worker.kill()
    assert worker.stdin is not None
    worker.stdin.close()
    return worker.wait()


def _command(module: str, descriptor: int, budget: Budget) -> list[str]:
    facts = (descriptor, budget.cpu_seconds, budget.memory_bytes)
    # Nothing from the folder that the service was started in.
    return [sys.executable, "-P", "-m", f"hilum.isolation.{module}", *map(str, facts)]


def _environment() -> dict[str, str]:
    """What workers know of ours: no secrets, one thread for each library, and where modules are."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HILUM_")}
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    paths = os.pathsep.join(each or os.curdir for each in sys.path)
    return kept | one_thread | _ALLOCATOR | {"PYTHONPATH": paths}


def starter(budget: Budget) -> Starter:
    """How workers are started on this system."""
    return ZygoteStarter(budget) if sys.platform == "linux" else SpawnStarter(budget)
