"""The storage SCP: what it takes, what it refuses and how, and who may call."""

import logging
import shutil
import socket
import struct
import subprocess
import time

import numpy as np
import pydicom
import pytest
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    CTImageStorage,
    EnhancedCTImageStorage,
    ExplicitVRLittleEndian,
    MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
    VideoPhotographicImageStorage,
)
from sqlalchemy import select

from hilum.pacs.listener import Tls
from hilum.pacs.peers import DicomPeer
from hilum.store.schema import Arrival, State
from tests.bad_headers import BAD_HEADERS, put
from tests.pacs.conftest import free_port, wait_until
from tests.pacs.films import NAMES, as_file, film, report
from tests.store.made_rows import put_aside

pytestmark = pytest.mark.weights
CR = ComputedRadiographyImageStorage


def _send(exchange, dataset, *, announced=None):
    """Status of a C-STORE, the data set's bytes sent as they are."""
    association = exchange.associate(announced or dataset.SOPClassUID)
    assert association.is_established
    try:
        return association.send_c_store(dataset)
    finally:
        association.release()


def _send_bytes(exchange, content: bytes, *, sop_class=CR, instance="1.2.3"):
    """A C-STORE whose data set is these bytes, whatever they are."""
    import io

    from pynetdicom.dimse_primitives import C_STORE

    association = exchange.associate(sop_class, syntaxes=[ExplicitVRLittleEndian])
    request = C_STORE()
    request.MessageID, request.Priority = 1, 2
    request.AffectedSOPClassUID, request.AffectedSOPInstanceUID = sop_class, instance
    request.DataSet = io.BytesIO(content)
    association._reactor_checkpoint.clear()
    association.dimse.send_msg(request, association.accepted_contexts[0].context_id)
    _, answer = association.dimse.get_msg(block=True)
    association._reactor_checkpoint.set()
    association.release()
    return answer.Status


def _data_set(dataset) -> bytes:
    """The bytes after the file meta."""
    content = as_file(dataset)
    (length,) = struct.unpack_from("<I", content, 140)
    return content[144 + length :]


@pytest.mark.dicomtools
def test_a_film_of_storescu_comes_back_to_storescp_as_results(exchange, tmp_path, dcmtk):
    (tmp_path / "back").mkdir()
    (tmp_path / "film.dcm").write_bytes(as_file(film()))
    port = free_port()
    peer = subprocess.Popen(
        [dcmtk("storescp"), "-aet", "PACS", "-od", tmp_path / "back", str(port)]
    )
    try:
        running = exchange(peers=(DicomPeer("PACS", "127.0.0.1", port),))
        called = ["-aec", "HILUM", "127.0.0.1", str(running.port)]
        assert subprocess.run([dcmtk("echoscu"), *called], check=False).returncode == 0
        assert subprocess.run([dcmtk("storescu"), *called, tmp_path / "film.dcm"]).returncode == 0  # noqa: PLW1510
        wait_until(lambda: running.store.outbox.counts() == {"sent": 1})
        (made,) = [pydicom.dcmread(path) for path in (tmp_path / "back").iterdir()]
        assert made.StudyInstanceUID == film().StudyInstanceUID
        assert str(made.PatientName) == "Lindqvist^Josephine"
    finally:
        peer.terminate()
        peer.wait()


def test_nothing_of_the_patient_stays_here_nor_reaches_the_log(exchange, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    running = exchange()
    assert _send(running, film()).Status == 0x0000
    assert _send(running, report()).Status == 0x0000
    assert _send(running, film(1, Rows=0)).Status == 0xC000
    wait_until(lambda: running.is_idle)
    assert running.store.counts() == {"read": 1, "ignored": 1}
    kept = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert len(kept) > 2
    for path in kept:
        assert path.stat().st_mode & 0o077 == 0 or path.parent.stat().st_mode & 0o077 == 0
        content = path.read_bytes()
        assert not [name for name in NAMES if name in content or name in path.name.encode()]
    ours = [each.getMessage() for each in caplog.records if not each.name.startswith("highdicom")]
    assert not [line for line in ours for name in NAMES if name.decode() in line]


REFUSED = {
    "truncated": (lambda: _data_set(film(2))[:-20_000], 0xC000),
    "ends in its header": (lambda: _data_set(film(2))[:300], 0xA900),
    "noise": (lambda: np.random.default_rng(0).bytes(5000), 0xC000),
    "a wrong length": (
        lambda: _data_set(film(2)).replace(b"CS\x08\x00PA", b"CS\xff\xffPA", 1)[:2000],
        0xC000,
    ),
    "65535 x 65535": (lambda: _data_set(film(2, Rows=65535, Columns=65535)), 0xC000),
    "10000 frames": (lambda: _data_set(film(2, NumberOfFrames=10000)), 0xA900),
    "another class than announced": (
        lambda: _data_set(film(2, SOPClassUID="1.2.840.10008.5.1.4.1.1.1.1")),
        0xA900,
    ),
    "another instance than announced": (lambda: _data_set(film(3)), 0xA900),
    "no study": (lambda: _data_set(film(2, StudyInstanceUID=None)), 0xA900),
    "a study UID of words": (lambda: _with_uid("StudyInstanceUID", b"study one"), 0xA900),
    "a series UID that ends in a dot": (lambda: _with_uid("SeriesInstanceUID", b"1.2."), 0xA900),
    "no pixels": (lambda: _data_set(_without_pixels(film(2))), 0xC000),
}


def _with_uid(keyword, uid):
    made = film(2)
    put(made, keyword, uid)
    return _data_set(made)


def _without_pixels(dataset):
    del dataset.PixelData
    return dataset


@pytest.fixture(scope="module")
def node(registry, tmp_path_factory):
    """A listener for the bad, all tests of which it has to survive; nobody reads."""
    from hilum.pacs.listener import Listener, ListenerSettings
    from hilum.store.settings import StoreSettings
    from hilum.store.store import opened
    from tests.pacs.conftest import Exchange

    settings = StoreSettings(folder=tmp_path_factory.mktemp("node"))
    with opened(settings, registry) as store:
        listener = Listener(
            ListenerSettings(port=0, idle_seconds=2, association_seconds=5, callers=("MODALITY",)),
            store,
        )
        listener.start()
        yield Exchange(store, listener)
        listener.stop()


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_taken_has_its_own_status(node, kind):
    content, status = REFUSED[kind]
    instance = film(2).SOPInstanceUID
    assert _send_bytes(node, content(), instance=instance) == status
    assert node.store.counts().get("arrived", 0) == 0


def test_in_one_association_the_rest_of_the_study_goes_on(node):
    study = (film(2, Rows=65535, Columns=65535), report(4), film(2, NumberOfFrames=9), film(4))
    association = node.associate(CR, report().SOPClassUID)
    statuses = [association.send_c_store(each).Status for each in study]
    association.release()
    assert statuses == [0xC000, 0x0000, 0xA900, 0x0000]
    assert node.store.counts() == {"arrived": 1, "ignored": 1}


def test_a_full_disc_is_out_of_resources(node, monkeypatch):
    monkeypatch.setattr("hilum.store.files.os.fsync", lambda _: (_ for _ in ()).throw(OSError(28)))
    assert _send(node, film(5)).Status == 0xA700
    monkeypatch.undo()
    assert _send(node, film(5)).Status == 0x0000


def test_a_full_quarantine_is_out_of_resources(node, monkeypatch):
    put_aside(node.store, State.FAILED)
    with monkeypatch.context() as full:
        full.setattr(node.store.quarantine, "_max_bytes", 1)
        assert _send(node, film(12)).Status == 0xA700
    assert _send(node, film(12)).Status == 0x0000


def test_a_database_file_that_was_deleted_is_out_of_resources(exchange, tmp_path):
    node = exchange()
    (tmp_path / "store" / "hilum.sqlite").unlink()
    assert _send(node, film(5)).Status == 0xA700


def test_the_same_film_again_is_acknowledged_and_another_of_its_name_is_told(node):
    assert _send(node, film(6)).Status == 0x0000
    before = sum(node.store.counts().values())
    assert _send(node, film(6)).Status == 0x0000
    assert _send(node, film(6, PatientID="MRN-4712")).Status == 0x0111
    assert sum(node.store.counts().values()) == before


@pytest.mark.parametrize("kind", [each for each in BAD_HEADERS if "leading zero" in each])
def test_uids_with_a_leading_zero_are_taken_and_kept_as_they_are(node, kind):
    sent = film(7 + len(kind))
    BAD_HEADERS[kind](sent)
    assert _send(node, sent).Status == 0x0000
    uid = sent.SOPInstanceUID
    with node.store.database.read() as session:
        arrival = session.scalars(select(Arrival).where(Arrival.sop_instance_uid == uid)).one()
    assert arrival.study_instance_uid == sent.StudyInstanceUID


IGNORED = {
    "a report": lambda: report(20),
    "a CT": lambda: film(21, SOPClassUID=CTImageStorage, Modality="CT"),
    "an enhanced CT": lambda: film(22, SOPClassUID=EnhancedCTImageStorage, Modality="CT"),
    "several frames": lambda: film(
        23, SOPClassUID=MultiFrameGrayscaleWordSecondaryCaptureImageStorage, NumberOfFrames=2
    ),
    "a video": lambda: film(24, SOPClassUID=VideoPhotographicImageStorage, Modality="XC"),
    "a lateral": lambda: film(25, ViewPosition="LL"),
}


@pytest.mark.parametrize("kind", IGNORED)
def test_what_is_not_read_is_acknowledged_and_not_kept(node, kind):
    spooled = set(node.store.spool.folder.iterdir())
    ignored = node.store.counts().get("ignored", 0)
    assert _send(node, IGNORED[kind]()).Status == 0x0000
    assert node.store.counts()["ignored"] == ignored + 1
    assert set(node.store.spool.folder.iterdir()) == spooled


def test_by_setting_what_is_not_read_is_refused(exchange):
    running = exchange(refuses_unread=True)
    association = running.associate(CR, CTImageStorage)
    assert [each.abstract_syntax for each in association.accepted_contexts] == [CR]
    association.release()
    assert _send(running, film(25, ViewPosition="LL")).Status == 0x0122


def test_an_unknown_transfer_syntax_is_not_negotiated(node):
    video = "1.2.840.10008.1.2.4.100"
    association = node.associate(CR, syntaxes=[video, "1.2.3.4"])
    assert not association.accepted_contexts
    if association.is_established:
        association.release()


def test_an_unknown_caller_is_rejected(node):
    association = node.associate(CR, ae_title="STRANGER")
    assert association.is_rejected
    # Calling AE title not recognized (PS3.8 table 9-21).
    told = association.acceptor.primitive
    assert (told.result_source, told.diagnostic) == (1, 3)


def _drop(association) -> None:
    """Close the caller's own end, which the library leaves open once the other was closed."""
    wait_until(lambda: not association.is_alive())
    held = association.dul.socket
    if held is not None and held.socket is not None:
        held.socket.close()


def _is_closed_within(connection: socket.socket, seconds: float) -> bool:
    connection.settimeout(seconds)
    try:
        while connection.recv(4096):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


def test_an_association_that_sends_nothing_is_ended(node):
    association = node.associate(CR)
    wait_until(lambda: association.is_aborted)
    _drop(association)


def test_an_association_that_never_ends_is_ended(node):
    association = node.associate("1.2.840.10008.1.1")
    started = time.monotonic()
    # It echoes for ever, so that it is never idle.
    while association.is_established and time.monotonic() - started < 30:
        answer = association.send_c_echo()
        if "Status" not in answer:
            break
        time.sleep(0.1)  # the pace of the one that never ends
    # After five seconds; on a busy machine somewhat later.
    assert 4 < time.monotonic() - started < 20
    _drop(association)


HEADS = {
    "nothing": b"",
    "half a length": b"\x01\x00\x00",
    "a length without the rest": struct.pack(">BBI", 1, 0, 500) + bytes(20),
    "a length of 4 GB": struct.pack(">BBI", 4, 0, 0xFFFFFFFF),
    "no PDU at all": b"GET / HTTP/1.1\r\n\r\n",
}


@pytest.mark.parametrize("head", HEADS)
def test_a_connection_that_stops_in_the_middle_is_closed(node, head):
    with socket.create_connection(("127.0.0.1", node.port)) as connection:
        connection.sendall(HEADS[head])
        assert _is_closed_within(connection, 10)
    assert _send(node, film(8)).Status == 0x0000


def test_a_message_that_is_over_the_limit_is_cut_off(registry, tmp_path):
    from hilum.imaging import DecodeLimits
    from hilum.pacs.listener import Listener, ListenerSettings
    from hilum.store.settings import StoreSettings
    from hilum.store.store import opened
    from tests.pacs.conftest import Exchange

    limits = DecodeLimits(max_bytes=200_000)
    with opened(StoreSettings(folder=tmp_path, limits=limits), registry) as store:
        listener = Listener(ListenerSettings(port=0, idle_seconds=5), store)
        listener.start()
        node = Exchange(store, listener)
        # A little over is told; far over is not even received.
        assert _send(node, film(9, rows=400, columns=400)).Status == 0xA700
        association = node.associate(CR)
        answer = association.send_c_store(film(10, rows=1000, columns=1000))
        assert "Status" not in answer
        _drop(association)
        assert _send(node, film(11, rows=200, columns=200)).Status == 0x0000
        listener.stop()


@pytest.fixture(scope="module")
def tls(tmp_path_factory) -> Tls:
    folder = tmp_path_factory.mktemp("tls")
    made = Tls(certificate=folder / "c.pem", key=folder / "k.pem", authority=folder / "c.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "1", "-subj", "/CN=hilum", "-keyout", made.key,
         "-out", made.certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return made


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
def test_with_tls_only_those_with_a_certificate_come_in(exchange, tls):
    from pynetdicom import AE

    running = exchange(tls=tls, idle_seconds=2)
    ae = AE(ae_title="MODALITY")
    ae.connection_timeout = ae.acse_timeout = 3
    ae.add_requested_context("1.2.840.10008.1.1")
    # One who connects and says nothing keeps nobody waiting.
    with socket.create_connection(("127.0.0.1", running.port)):
        known = ae.associate(
            "127.0.0.1", running.port, ae_title="HILUM", tls_args=(tls.for_client(), "hilum")
        )
        assert known.is_established
        assert known.send_c_echo().Status == 0x0000
        known.release()
    assert not ae.associate("127.0.0.1", running.port, ae_title="HILUM").is_established


@pytest.mark.dicomtools
def test_findscu_is_told_that_there_is_no_query_here(node, dcmtk):
    done = subprocess.run(
        [dcmtk("findscu"), "-S", "-aet", "MODALITY", "-aec", "HILUM", "-k", "PatientName=*",
         "127.0.0.1", str(node.port)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "No Acceptable Presentation Contexts" in done.stdout + done.stderr
