"""Nodes that listen and read while their disk is full now and then, to be killed.

``python -m tests.pacs.chaos_node FOLDER MODELS`` imports all that a node needs, once; for each line
``PORT SEED SHARE`` that it is sent it forks a node, which says its process number when it listens.
"""

import errno
import logging
import os
import random
import signal
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

# Imported before the fork, so that no node has to.
import hilum.reporting.dicom.structured_report
import hilum.reporting.plain_json  # noqa: F401
from hilum.models import Registry, RuntimeName
from hilum.pacs.exchange import ExchangeSettings, running
from hilum.pacs.listener import ListenerSettings
from hilum.reporting.forms import Format
from hilum.store import files, ingest_queue, processor
from hilum.store.processor import Rules
from hilum.store.settings import StoreSettings
from hilum.store.store import opened

HELD = (Format.SR, Format.JSON)


def store_settings(folder: Path) -> StoreSettings:
    """What a node holds, and where."""
    return StoreSettings(folder=folder, rules=Rules(held_formats=HELD))


def _fail_now_and_then(seed: int, share: float) -> None:
    """Have this share of writes find no room: some of their bytes are written, or none."""
    rng = random.Random(seed)
    write = files._write

    def write_or_fail(path: Path, content: bytes) -> None:
        if rng.random() < share:
            write(path, content[: rng.randrange(len(content))])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(path, content)

    def commit_or_fail(_: object) -> None:
        if rng.random() < share:
            full = sqlite3.OperationalError("database or disk is full")
            raise OperationalError("COMMIT", {}, full)

    files._write = write_or_fail
    event.listen(Engine, "commit", commit_or_fail)


def _be_quick() -> None:
    processor._TRY_AGAIN_SECONDS = processor._ENVIRONMENT_SECONDS = 0
    ingest_queue._LEASE = timedelta(seconds=5)


def _listen(folder: Path, models: Path, port: int, seed: int, share: float) -> None:
    logging.basicConfig(level=logging.INFO)
    _be_quick()
    settings = store_settings(folder)
    exchange = ExchangeSettings(listener=ListenerSettings(port=port), processor_workers=2)
    registry = Registry(models, default="pneumonia", runtime=RuntimeName.OPENVINO)
    with opened(settings, registry) as store, running(exchange, store):
        _fail_now_and_then(seed, share)
        os.write(sys.stdout.fileno(), f"{os.getpid()}\n".encode())
        signal.pause()


def main() -> None:
    """Fork nodes until there are no more lines."""
    folder, models = map(Path, sys.argv[1:])
    # Nodes that were killed are no more at once.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        port, seed, share = line.split()
        if os.fork() == 0:
            try:
                _listen(folder, models, int(port), int(seed), float(share))
            finally:
                os._exit(1)


if __name__ == "__main__":
    main()
