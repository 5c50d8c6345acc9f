"""A running exchange in this process, and real peers: Orthanc, and dcmtk's programs."""

import contextlib
import gc
import json
import os
import shutil
import socket
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pynetdicom import AE
from pynetdicom.association import Association

from hilum.models import Registry, RuntimeName
from hilum.pacs.exchange import ExchangeSettings, running
from hilum.pacs.listener import Listener, ListenerSettings
from hilum.pacs.peers import Peer
from hilum.pacs.storage_classes import SYNTAXES
from hilum.reporting.forms import Format
from hilum.store.outbox import Schedule
from hilum.store.processor import Rules
from hilum.store.settings import StoreSettings
from hilum.store.store import Store, opened

MODELS = Path(__file__).parents[2] / "ml_model"
DICOMWEB_PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
QUICK = Schedule(first_seconds=0.2, longest_seconds=0.5)


def wait_until(is_so: Callable[[], Any], seconds: float = 30) -> None:
    """Wait for another process or thread: there is nothing here to be told by."""
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it never came to be"
        time.sleep(0.02)  # a real peer is waited for


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# pynetdicom leaves it to the garbage collector to close what could not connect, or was closed by
# the other side.
_UNCLOSED = pytest.mark.filterwarnings("ignore:unclosed <s:ResourceWarning")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(_UNCLOSED)


@pytest.fixture(scope="module", autouse=True)
def _collected() -> Iterator[None]:
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry(MODELS, default="pneumonia", runtime=RuntimeName.OPENVINO)


class Exchange:
    """A store that listens, reads and sends."""

    def __init__(self, store: Store, listener: Listener) -> None:
        self.store, self.listener, self.port = store, listener, listener.port

    def associate(self, *classes: str, ae_title: str = "MODALITY", **given: Any) -> Association:
        ae = AE(ae_title=ae_title)
        for each in classes:
            ae.add_requested_context(each, given.get("syntaxes", SYNTAXES[:2]))
        source = (given.get("source", "127.0.0.1"), 0)
        return ae.associate("127.0.0.1", self.port, ae_title="HILUM", bind_address=source)

    @property
    def is_idle(self) -> bool:
        return not {"arrived"} & self.store.counts().keys()


@pytest.fixture
def exchange(registry: Registry, tmp_path: Path) -> Iterator[Callable[..., Exchange]]:
    """Start an exchange; keywords are the listener's, or those that `start` names."""
    with contextlib.ExitStack() as stack:

        def start(
            *,
            folder: Path | None = None,
            peers: tuple[Peer, ...] = (),
            rules: Rules | None = None,
            processor_workers: int = 1,
            schedule: Schedule = QUICK,
            **listener: Any,
        ) -> Exchange:
            rules = rules or Rules(held_formats=(Format.JSON,), sent_formats=(Format.SR,))
            rules = replace(rules, peers=tuple(peer.name for peer in peers))
            settings = StoreSettings(
                folder=folder or tmp_path / "store", rules=rules, schedule=schedule
            )
            store = stack.enter_context(opened(settings, registry))
            settings = ExchangeSettings(
                listener=ListenerSettings(**({"port": 0} | listener)),
                peers=peers,
                processor_workers=processor_workers,
            )
            return Exchange(store, stack.enter_context(running(settings, store)))

        yield start


class Orthanc:
    """A PACS, with nothing in it."""

    def __init__(self, folder: Path, hilum_port: int, hilum_web: str) -> None:
        self.http_port, self.dicom_port = free_port(), free_port()
        self.hilum_dicom_port, self.hilum_http_port = hilum_port, 0
        self.url = f"http://127.0.0.1:{self.http_port}"
        self.web = f"{self.url}/dicom-web"
        settings = {
            "StorageDirectory": str(folder / "db"),
            "IndexDirectory": str(folder / "db"),
            "HttpPort": self.http_port,
            "DicomPort": self.dicom_port,
            "DicomAet": "ORTHANC",
            "RemoteAccessAllowed": False,
            "Plugins": [str(DICOMWEB_PLUGIN)],
            "DicomModalities": {"hilum": ["HILUM", "127.0.0.1", hilum_port]},
            "DicomAlwaysAllowStore": True,
            "DicomWeb": {"Enable": True, "Root": "/dicom-web/", "Servers": {"hilum": [hilum_web]}},
        }
        path = folder / "orthanc.json"
        path.write_text(json.dumps(settings))
        self.log = (folder / "orthanc.log").open("wb")
        self.process = subprocess.Popen(["Orthanc", str(path)], stdout=self.log, stderr=self.log)
        self.client = httpx2.Client(base_url=self.url, timeout=30)
        wait_until(self._answers)

    def _answers(self) -> bool:
        with contextlib.suppress(httpx2.TransportError):
            return self.client.get("/system").is_success
        return False

    def put(self, content: bytes) -> str:
        """Put a file in; Orthanc's name of its study."""
        answer = self.client.post("/instances", content=content)
        answer.raise_for_status()
        return str(answer.json()["ParentStudy"])

    def files(self, study: str) -> dict[str, bytes]:
        """The files of a study, by SOP class."""
        found = {}
        for instance in self.client.get(f"/studies/{study}/instances").json():
            address = f"/instances/{instance['ID']}"
            sop_class = self.client.get(f"{address}/metadata/SopClassUid").text
            found[sop_class] = self.client.get(f"{address}/file").content
        return found

    def stop(self) -> None:
        self.client.close()
        self.process.terminate()
        self.process.wait(timeout=30)
        self.log.close()


needs_orthanc = [
    pytest.mark.orthanc,
    pytest.mark.skipif(
        not (shutil.which("Orthanc") and DICOMWEB_PLUGIN.exists()),
        reason="needs Debian's orthanc and orthanc-dicomweb",
    ),
]


@pytest.fixture
def dcmtk() -> Callable[[str], str]:
    """Where each program of dcmtk is; the test is skipped where one lacks."""

    def find(program: str) -> str:
        for folder in os.get_exec_path():
            found = shutil.which(program, path=folder)
            # An activated environment finds pynetdicom's scripts of the same names first.
            if found and Path(found).read_bytes()[:2] != b"#!":
                return found
        pytest.skip("needs Debian's dcmtk")

    return find
