"""Films with bad headers, a disk that is full now and then, kills: what becomes of each film.

Run: ``python -m tests.pacs.chaos --films 200``. Films whose headers are spoilt at random by
`tests.bad_headers` are sent by C-STORE to a node that reads them. A share of its writes fails, and
it is killed (``kill -9``) and started again several times. In the end each film that was
acknowledged has to have its results, or to be in quarantine with a reason.
"""

import argparse
import copy
import io
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydicom import Dataset
from pydicom.uid import ComputedRadiographyImageStorage, ExplicitVRLittleEndian
from pynetdicom import AE
from pynetdicom.association import Association
from pynetdicom.dimse_primitives import C_STORE

from hilum.models import Registry, RuntimeName
from hilum.store.schema import FILM, Arrival, State
from hilum.store.store import Store, opened
from tests.bad_headers import BAD_HEADERS
from tests.pacs.chaos_node import HELD, store_settings
from tests.pacs.conftest import MODELS, free_port, wait_until
from tests.pacs.films import as_file, film

ROOT = Path(__file__).parents[2]
SENDERS = 3
FAILING_SHARE = 0.1
TRY_AGAIN = (0xA700, 0x0110)
FORMS = {FILM, *(each.value for each in HELD)}


@dataclass(frozen=True)
class Sent:
    """A film, as it is sent."""

    instance: str
    header: str
    data_set: bytes


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    acknowledged: int
    refused: Counter[str]
    """Status, and how the header was spoilt."""
    states: Counter[str]
    missing_forms: int
    lost: tuple[str, ...]
    """Each film without results and without a reason, and what it lacks."""
    log: str


class Node:
    """A process that is killed and started again."""

    def __init__(self, folder: Path, models: Path, log: Path) -> None:
        self.port = free_port()
        with log.open("wb") as file:
            self._zygote = subprocess.Popen(
                [sys.executable, "-m", "tests.pacs.chaos_node", str(folder), str(models)],
                cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=file, text=True,
            )  # fmt: skip
        self._pid = 0
        self.listens = threading.Event()

    def start(self, seed: int) -> None:
        assert self._zygote.stdin is not None
        assert self._zygote.stdout is not None
        self._zygote.stdin.write(f"{self.port} {seed} {FAILING_SHARE}\n")
        self._zygote.stdin.flush()
        self._pid = int(self._zygote.stdout.readline())
        self.listens.set()

    def kill(self) -> None:
        self.listens.clear()
        os.kill(self._pid, signal.SIGKILL)

    def end(self) -> None:
        self.kill()
        self._zygote.communicate(timeout=60)


class Modality:
    """Sends its share of the films, each until it has an answer that lasts."""

    def __init__(
        self, node: Node, films: Sequence[Sent], told: Callable[[Sent, int], None]
    ) -> None:
        self._node, self._films, self._told = node, films, told
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        for each in self._films:
            wait_until(lambda each=each: self._has_answer(each), 300)

    def _has_answer(self, each: Sent) -> bool:
        # Calls to a node that starts would take the processor from it.
        if not self._node.listens.wait(1):
            return False
        status = _status(self._node.port, each)
        if status is None or status in TRY_AGAIN:
            return False
        self._told(each, status)
        return True


def _status(port: int, sent: Sent) -> int | None:
    """What a C-STORE of these very bytes is answered; None where the other side is no more."""
    ae = AE(ae_title="MODALITY")
    ae.connection_timeout = ae.acse_timeout = ae.dimse_timeout = 20
    ae.add_requested_context(ComputedRadiographyImageStorage, ExplicitVRLittleEndian)
    association = ae.associate("127.0.0.1", port, ae_title="HILUM")
    try:
        return _answer(association, sent) if association.is_established else None
    finally:
        if association.is_established:
            association.release()
        # The library leaves it open where the other side was not there, or is no more.
        held = association.dul.socket
        if held is not None and held.socket is not None:
            held.socket.close()


def _answer(association: Association, sent: Sent) -> int | None:
    request = C_STORE()
    request.MessageID, request.Priority = 1, 2
    request.AffectedSOPClassUID = ComputedRadiographyImageStorage
    request.AffectedSOPInstanceUID = sent.instance
    request.DataSet = io.BytesIO(sent.data_set)
    association._reactor_checkpoint.clear()
    association.dimse.send_msg(request, association.accepted_contexts[0].context_id)
    _, answer = association.dimse.get_msg(block=True)
    association._reactor_checkpoint.set()
    return int(answer.Status) if answer is not None else None


def spoilt_film(number: int, sound: Dataset, rng: random.Random) -> Sent:
    """Another film, whose header is spoilt in one way, or in none."""
    header = rng.choice(["sound", *BAD_HEADERS])
    made = copy.deepcopy(sound)
    for name in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"):
        setattr(made, name, f"{made[name].value}.{number + 1}")
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    made.PixelData = number.to_bytes(2, "little") + made.PixelData[2:]
    if header != "sound":
        BAD_HEADERS[header](made)
    content = as_file(made)
    (length,) = (int.from_bytes(content[140:144], "little"),)
    meta_ends = 144 + length
    return Sent(str(made["SOPInstanceUID"].value), header, content[meta_ends:])


def chaos(
    folder: Path, *, models: Path, films: int, kills: int, seed: int, seconds: float
) -> Outcome:
    """Send films, kill, start again; wait for the end, and look what became of each."""
    rng = random.Random(seed)
    # Drawing takes longer than all the rest: they differ by a pixel.
    sound = film()
    sent = [spoilt_film(number, sound, rng) for number in range(films)]
    log, store = folder / "log", folder / "store"
    answers: dict[str, tuple[Sent, int]] = {}

    def told(each: Sent, status: int) -> None:
        answers[each.instance] = (each, status)

    node = Node(store, models, log)
    try:
        node.start(rng.randrange(1 << 30))
        modalities = [Modality(node, sent[n::SENDERS], told) for n in range(SENDERS)]
        for answered in sorted(rng.sample(range(1, films), kills)):
            wait_until(lambda answered=answered: len(answers) >= answered, seconds)
            node.kill()
            node.start(rng.randrange(1 << 30))
        for modality in modalities:
            modality.thread.join()
        with _looking_into(store) as looked:
            wait_until(lambda: State.ARRIVED.value not in looked.counts(), seconds)
    finally:
        node.end()
    with _looking_into(store) as looked:
        return _look(looked, answers, log.read_text())


@contextmanager
def _looking_into(folder: Path) -> Iterator[Store]:
    """The store of a node, with nothing to read with."""
    nothing = Registry(folder, default="none", runtime=RuntimeName.OPENVINO)
    with opened(store_settings(folder), nothing) as store:
        yield store


def _look(store: Store, answers: dict[str, tuple[Sent, int]], log: str) -> Outcome:
    rows = {each.sop_instance_uid: each for each in store.arrivals.page((), 10**6, 0)[0]}
    taken = {name: each for name, (each, status) in answers.items() if status == 0}
    refused = Counter(f"0x{status:04X}: {each.header}" for each, status in answers.values()
                      if status != 0)  # fmt: skip
    lacks = {name: _lacks(store, rows.get(name), each) for name, each in taken.items()}
    readings = [store.reading(each.id) for row in rows.values() for each in row.readings]
    return Outcome(
        acknowledged=len(taken),
        refused=refused,
        states=Counter(rows[name].state.value for name in taken if name in rows),
        missing_forms=sum(len(each.missing) for each in readings),
        lost=tuple(f"{taken[name].header}: {words}" for name, words in lacks.items() if words),
        log=log,
    )


def _lacks(store: Store, row: Arrival | None, sent: Sent) -> str | None:
    """What keeps a film from having its results or a reason; None where it has one of them."""
    if row is None:
        return "no row"
    if row.state in (State.FAILED, State.REFUSED):
        if not store.quarantine.has(row.spool_name):
            return f"{row.state.value}, and its bytes are gone"
        is_whole = store.quarantine.get(row.spool_name or "").endswith(sent.data_set)
        return None if row.reason and is_whole else "no reason, or not its bytes"
    if row.state is not State.READ or len(row.readings) != 1:
        return f"{row.state.value}, {len(row.readings)} readings"
    reading = store.reading(row.readings[0].id)
    held = {each.kind for each in reading.objects if len(store.content(each)) == each.size_bytes}
    missing = {each["form"] for each in reading.missing or () if each["reason"]}
    return None if held | missing == FORMS else f"only {sorted(held)}"


def main() -> None:
    """Run it with the shipped models and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=200)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    given = parser.parse_args()
    print(f"seed {given.seed}")  # noqa: T201 - a command
    with tempfile.TemporaryDirectory() as folder:
        done = chaos(
            Path(folder), models=MODELS, films=given.films, kills=given.kills, seed=given.seed,
            seconds=3600,
        )  # fmt: skip
    for name, value in vars(done).items():
        if name != "log":
            print(f"{name}: {dict(value) if isinstance(value, Counter) else value}")  # noqa: T201
    raise SystemExit(f"{len(done.lost)} films lost" if done.lost else 0)


if __name__ == "__main__":
    main()
