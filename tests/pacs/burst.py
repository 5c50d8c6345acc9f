"""A burst from several associations with a kill -9 in the middle, in numbers."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydicom import Dataset
from pynetdicom import AE, evt
from pynetdicom.presentation import StoragePresentationContexts
from pynetdicom.sop_class import ComputedRadiographyImageStorage

from tests.pacs.conftest import MODELS, free_port, wait_until


class Listening:
    """`hilum listen` as a process."""

    def __init__(self, folder: Path, port: int, peer: str, settings: dict[str, str]) -> None:
        settings = {"MODELS_DIR": str(MODELS), "STORE": str(folder)} | settings
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from hilum.cli import main; main()", "listen",
             "--port", str(port), "--to", peer],
            env=os.environ | {f"HILUM_{name}": value for name, value in settings.items()},
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stderr is not None
        self.lines: list[str] = []
        for line in self.process.stderr:
            self.lines.append(line)
            if "HILUM listens" in line:
                break
        self._follower = threading.Thread(target=self._follow)
        self._follower.start()

    def _follow(self) -> None:
        assert self.process.stderr is not None
        self.lines += self.process.stderr

    def end(self, number: int) -> None:
        self.process.send_signal(number)
        self.process.wait(timeout=60)
        self._follower.join()
        assert self.process.stderr is not None
        self.process.stderr.close()


class Pacs:
    """Who gets the results: their studies and their UIDs, as often as they came."""

    def __init__(self) -> None:
        self.results: list[tuple[str, str]] = []
        ae = AE(ae_title="PACS")
        ae.supported_contexts = StoragePresentationContexts
        self.server = ae.start_server(
            ("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_STORE, self._keep)]
        )

    def _keep(self, event: Any) -> int:
        made = event.dataset
        self.results.append((str(made.StudyInstanceUID), str(made.SOPInstanceUID)))
        return 0x0000

    @property
    def name(self) -> str:
        return f"PACS@127.0.0.1:{self.server.server_address[1]}"


class Modalities:
    """Some associations at once, each with its share of the films."""

    def __init__(self, films: Sequence[Dataset], count: int, port: int) -> None:
        self.shares = [films[n::count] for n in range(count)]
        self.port = port
        self.acknowledged: dict[str, int] = {}
        self._lock = threading.Lock()
        self._enough = threading.Event()
        self._wanted = 0

    def send(self, *, wanted: int = 0) -> list[threading.Thread]:
        """Start sending everything; `wait` returns when so many are acknowledged."""
        self._wanted = wanted
        threads = [
            threading.Thread(target=self._send, args=(n, share))
            for n, share in enumerate(self.shares)
        ]
        for thread in threads:
            thread.start()
        return threads

    def wait(self) -> None:
        assert self._enough.wait(300)

    def _send(self, number: int, share: Sequence[Dataset]) -> None:
        ae = AE(ae_title=f"MODALITY{number}")
        ae.add_requested_context(ComputedRadiographyImageStorage)
        association = ae.associate("127.0.0.1", self.port, ae_title="HILUM")
        assert association.is_established
        for each in share:
            try:
                answer = association.send_c_store(each)
            except RuntimeError:
                break  # the other side is no more
            if answer.get("Status") != 0x0000:
                break
            with self._lock:
                study = str(each.StudyInstanceUID)
                self.acknowledged[study] = self.acknowledged.get(study, 0) + 1
                if len(self.acknowledged) >= self._wanted:
                    self._enough.set()
        if association.is_established:
            association.release()
        held = association.dul.socket
        if held is not None and held.socket is not None:
            held.socket.close()


@dataclass(frozen=True)
class Outcome:
    """What came of a burst."""

    sent: int
    acknowledged_before_kill: int
    acknowledged: int
    acknowledged_again: int
    arrivals: int
    readings: int
    read_more_than_once: int
    result_objects: int
    results_received: int
    orphans: int
    studies: frozenset[str]
    log: tuple[str, ...]
    seconds_to_acknowledge: float
    seconds_in_all: float


def burst(
    films: Sequence[Dataset],
    folder: Path,
    *,
    associations: int,
    killed_after: int,
    settings: dict[str, str],
    seconds: float,
) -> Outcome:
    """Send, kill, start again, send again all that has no answer, and more; wait for the end."""
    pacs, port, store = Pacs(), free_port(), folder / "store"
    modalities = Modalities(films, associations, port)
    started = time.monotonic()
    first = Listening(store, port, pacs.name, settings)
    senders = modalities.send(wanted=killed_after)
    modalities.wait()
    first.end(signal.SIGKILL)
    for sender in senders:
        sender.join()
    before = len(modalities.acknowledged)

    second = Listening(store, port, pacs.name, settings)
    sending = time.monotonic()
    for sender in modalities.send():
        sender.join()
    acknowledged = time.monotonic() - sending
    wait_until(lambda: not _left(store), seconds)
    in_all = time.monotonic() - started
    second.end(signal.SIGTERM)
    pacs.server.shutdown()

    times_read = _rows(store, "select count(*) from reading group by arrival_id")
    studies = _rows(
        store, "select study_instance_uid from arrival join reading on arrival_id = arrival.id"
    )
    return Outcome(
        sent=len(films),
        acknowledged_before_kill=before,
        acknowledged=len(modalities.acknowledged),
        acknowledged_again=sum(count > 1 for count in modalities.acknowledged.values()),
        arrivals=_rows(store, "select count(*) from arrival")[0][0],
        readings=len(times_read),
        read_more_than_once=sum(count > 1 for (count,) in times_read),
        result_objects=len(set(pacs.results)),
        results_received=len(pacs.results),
        orphans=len(list((store / "spool").iterdir())),
        studies=frozenset(study for (study,) in studies),
        log=(*first.lines, *second.lines),
        seconds_to_acknowledge=acknowledged,
        seconds_in_all=in_all,
    )


def _left(store: Path) -> int:
    return int(
        _rows(
            store,
            "select (select count(*) from arrival where state != 'read') + "
            "(select count(*) from delivery where state != 'sent')",
        )[0][0]
    )


def _rows(store: Path, query: str) -> list[tuple[Any, ...]]:
    database = sqlite3.connect(store / "hilum.sqlite", timeout=30)
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()
