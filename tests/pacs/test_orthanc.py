"""A PACS sends studies, by both of its ways, and has the results back in the same studies."""

import io
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest
import uvicorn
from pydicom import Dataset
from typer.testing import CliRunner

from hilum.api import Settings, create_app
from hilum.cli import app as cli
from tests.pacs.conftest import MODELS, Orthanc, free_port, needs_orthanc, wait_until
from tests.pacs.films import as_file, film, report

pytestmark = [*needs_orthanc, pytest.mark.weights]

RESULTS = {
    "1.2.840.10008.5.1.4.1.1.88.34": "Comprehensive 3D SR",
    "1.2.840.10008.5.1.4.1.1.66.4": "Segmentation",
    "1.2.840.10008.5.1.4.1.1.7": "Secondary Capture",
    "1.2.840.10008.5.1.4.1.1.104.1": "Encapsulated PDF",
}


class Service:
    """The service in a thread, on ports of its own."""

    def __init__(self, settings: Settings, http_port: int) -> None:
        config = uvicorn.Config(create_app(settings), port=http_port, log_level="warning")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()
        wait_until(lambda: self.server.started)

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join()


@pytest.fixture(scope="module")
def orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    http_port = free_port()
    running = Orthanc(
        tmp_path_factory.mktemp("orthanc"), free_port(), f"http://127.0.0.1:{http_port}/dicomweb/"
    )
    running.hilum_http_port = http_port
    yield running
    running.stop()


def _results(orthanc: Orthanc, study: str) -> dict[str, bytes]:
    wait_until(lambda: RESULTS.keys() <= orthanc.files(study).keys(), seconds=60)
    return {uid: content for uid, content in orthanc.files(study).items() if uid in RESULTS}


def _check(results: dict[str, bytes], sent: Dataset, folder: Path) -> None:
    series = set()
    for uid, content in results.items():
        made = pydicom.dcmread(io.BytesIO(content))
        assert (made.StudyInstanceUID, made.PatientID, str(made.PatientName), made.StudyDate) == (
            sent.StudyInstanceUID, "MRN-4711", "Lindqvist^Josephine", "20261120",
        )  # fmt: skip
        series.add(made.SeriesInstanceUID)
        if shutil.which("dciodvfy"):
            path = folder / f"{uid}.dcm"
            path.write_bytes(content)
            done = subprocess.run(["dciodvfy", path], capture_output=True, text=True, check=False)
            told = (done.stdout + done.stderr).splitlines()
            assert [line for line in told if line.startswith("Error")] == [], RESULTS[uid]
    assert len(series) == 4
    assert sent.SeriesInstanceUID not in series


@pytest.mark.parametrize("way", ["c-store", "dicomweb"])
def test_orthanc_sends_a_study_and_has_all_results_back_in_it(orthanc, tmp_path, way):
    number = ["c-store", "dicomweb"].index(way)
    sent = film(number, rows=500, columns=400)
    study = orthanc.put(as_file(sent))
    # A report in the same study is not for us, and keeps nothing from going through.
    assert orthanc.put(as_file(report(number))) == study
    peer = f"ORTHANC@127.0.0.1:{orthanc.dicom_port}" if way == "c-store" else orthanc.web
    settings = Settings(
        models_dir=MODELS,
        store=tmp_path / "store",
        dicom_port=orthanc.hilum_dicom_port,
        results_to=peer,
    )
    service = Service(settings, orthanc.hilum_http_port)
    try:
        if way == "c-store":
            answer = orthanc.client.post("/modalities/hilum/store", json=[study])
            assert (answer.status_code, answer.json()["FailedInstancesCount"]) == (200, 0)
        else:
            answer = orthanc.client.post(
                "/dicom-web/servers/hilum/stow", json={"Resources": [study], "Synchronous": True}
            )
            assert answer.status_code == 200, answer.text
        _check(_results(orthanc, study), sent, tmp_path)
    finally:
        service.stop()
    spooled = list((tmp_path / "store" / "spool").iterdir())
    assert spooled == []


def test_hilum_pulls_a_study_and_pushes_its_results(orthanc, tmp_path, monkeypatch):
    monkeypatch.setenv("HILUM_MODELS_DIR", str(MODELS))
    sent = film(7, AccessionNumber="PULLED")
    study = orthanc.put(as_file(sent))
    orthanc.put(as_file(report(7)))

    done = CliRunner().invoke(
        cli, ["pull", "--url", orthanc.web, "--query", "AccessionNumber=PULLED", "--push"]
    )

    assert done.exit_code == 0, done.output
    assert "1 studies, 1 radiographs, 1 read, 4 results sent back" in done.output
    _check(_results(orthanc, study), sent, tmp_path)


def test_pulling_says_which_service_cannot_be_asked_and_quotes_no_password(monkeypatch):
    monkeypatch.setenv("HILUM_MODELS_DIR", str(MODELS))
    url = f"http://user:secret@127.0.0.1:{free_port()}/dicom-web"
    done = CliRunner().invoke(cli, ["pull", "--url", url, "--study", "1.2.3"])
    assert done.exit_code == 1
    assert "secret" not in f"{done.output}{done.exception}"
    assert "cannot be asked" in str(done.exception)
