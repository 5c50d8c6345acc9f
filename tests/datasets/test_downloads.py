"""The public data sets are fetched whole, verified and safely; proved against a local server."""

import gzip
import hashlib
import io
import json
import stat
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from types import SimpleNamespace

import pytest
from rich.console import Console

from hilum.cli.data import find_source, public_sources
from hilum.datasets.downloads import fetch
from hilum.datasets.downloads.archive import unpack
from hilum.datasets.downloads.download import ATTEMPTS, download, new_client
from hilum.datasets.downloads.kaggle import read_token
from hilum.datasets.downloads.source import RemoteFile, Source
from hilum.datasets.public.chest_xray import place_kermany
from hilum.errors import DataSourceError

CONTENT = bytes(range(256)) * 4096  # 1 MiB


Fetched = tuple[Path, list[float], list[tuple[int, int | None]]]
Bring = Callable[..., Fetched]


@dataclass
class Served:
    """One file of the server, and how it misbehaves."""

    content: bytes
    etag: str | None = '"v1"'
    drop_after: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    ranges: bool = True


class Home(ThreadingHTTPServer):
    """A data set's home: files by path, with ranges, and a log of the requests."""

    daemon_threads = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, Served] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def offer(self, path: str, content: bytes, **behaviour: object) -> RemoteFile:
        self.files[path] = Served(content, **behaviour)  # type: ignore[arg-type]
        return remote_file(self.url(path), content)


class _Handler(BaseHTTPRequestHandler):
    server: Home

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        served = self.server.files[self.path]
        if served.statuses:
            self.send_response(served.statuses.pop(0))
            for name, value in served.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self._send(served, self._start(served))

    def _start(self, served: Served) -> int:
        wanted = self.headers.get("Range")
        unchanged = self.headers.get("If-Range") in (None, served.etag)
        return int(wanted[6:-1]) if wanted and unchanged and served.ranges else 0

    def _send(self, served: Served, start: int) -> None:
        size = len(served.content)
        if start >= size:
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{size}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        if served.etag:
            self.send_header("ETag", served.etag)
        self.send_header("Content-Type", served.headers.get("Content-Type", "binary/octet-stream"))
        self.send_header("Content-Length", str(size - start))
        self.end_headers()
        stop = start + served.drop_after.pop(0) if served.drop_after else size
        self.wfile.write(served.content[start:stop])

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def remote_file(url: str, content: bytes) -> RemoteFile:
    digest = hashlib.sha256(content).hexdigest()
    return RemoteFile(url, "set.zip", len(content), ("sha256", digest))


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    server = Home()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def bring(tmp_path: Path) -> Bring:
    """Download into the temporary folder; give the file, the pauses and the progress."""

    def run(remote: RemoteFile, auth: tuple[str, str] | None = None) -> Fetched:
        pauses: list[float] = []
        progress: list[tuple[int, int | None]] = []
        with new_client() as client:
            path = download(
                remote,
                tmp_path / remote.filename,
                client=client,
                report=lambda done, total: progress.append((done, total)),
                pause=pauses.append,
                auth=auth,
            )
        return path, pauses, progress

    return run


def leave_part(folder: Path, remote: RemoteFile, piece: bytes, etag: str | None) -> None:
    """Leave what an interrupted download leaves."""
    (folder / f"{remote.filename}.part").write_bytes(piece)
    notes = {"url": remote.url, "etag": etag, "last_modified": None}
    (folder / f"{remote.filename}.part.json").write_text(json.dumps(notes))


def zipped(files: dict[str, bytes], *, mode: int = stat.S_IFREG | 0o644) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def tarred(files: dict[str, bytes], *, kind: bytes = tarfile.REGTYPE) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "" if kind == tarfile.REGTYPE else "../outside"
            info.size = len(content) if kind == tarfile.REGTYPE else 0
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def written(folder: Path) -> dict[str, bytes]:
    """Give the files of a folder that a user sees, by their path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".hilum" not in path.parts
    }


# One file


def test_a_file_is_fetched_and_its_progress_is_told(home: Home, bring: Bring) -> None:
    path, pauses, progress = bring(home.offer("/set", CONTENT))
    assert path.read_bytes() == CONTENT
    assert pauses == []
    done = [each for each, _ in progress]
    assert done == sorted(done)
    assert done[-1] == len(CONTENT)
    assert {total for _, total in progress} == {len(CONTENT)}
    assert [each.name for each in path.parent.iterdir()] == ["set.zip"]


def test_a_partial_file_is_resumed_from_where_it_stopped(
    home: Home, bring: Bring, tmp_path: Path
) -> None:
    remote = home.offer("/set", CONTENT)
    leave_part(tmp_path, remote, CONTENT[:700_000], '"v1"')
    path, _, progress = bring(remote)
    assert path.read_bytes() == CONTENT
    assert home.asked[0][1]["Range"] == "bytes=700000-"
    assert home.asked[0][1]["If-Range"] == '"v1"'
    assert progress[0] == (700_000, len(CONTENT))


def test_a_dropped_connection_is_taken_up_again_after_a_pause(home: Home, bring: Bring) -> None:
    remote = home.offer("/set", CONTENT, drop_after=[400_000, 300_000])
    path, pauses, _ = bring(remote)
    assert path.read_bytes() == CONTENT
    assert [headers.get("Range") for _, headers in home.asked] == [
        None,
        "bytes=400000-",
        "bytes=700000-",
    ]
    assert pauses == [2.0, 2.0], "each attempt got further, so that the back-off starts anew"


def test_a_server_without_ranges_is_asked_for_the_whole_file_again(
    home: Home, bring: Bring
) -> None:
    path, _, _ = bring(home.offer("/set", CONTENT, drop_after=[400_000], ranges=False))
    assert path.read_bytes() == CONTENT


def test_a_changed_remote_file_restarts_the_download(
    home: Home, bring: Bring, tmp_path: Path
) -> None:
    remote = home.offer("/set", CONTENT, etag='"v2"')
    leave_part(tmp_path, remote, b"of the first version", '"v1"')
    path, _, progress = bring(remote)
    assert path.read_bytes() == CONTENT
    assert len(home.asked) == 1
    assert progress[0] == (0, len(CONTENT))


def test_a_weak_entity_tag_is_not_used_to_resume(home: Home, bring: Bring, tmp_path: Path) -> None:
    remote = home.offer("/set", CONTENT)
    leave_part(tmp_path, remote, CONTENT[:1000], 'W/"v1"')
    path, _, _ = bring(remote)
    assert path.read_bytes() == CONTENT
    assert "If-Range" not in home.asked[0][1]


def test_a_piece_without_validator_or_checksum_is_not_resumed(
    home: Home, bring: Bring, tmp_path: Path
) -> None:
    remote = replace(home.offer("/set", CONTENT, etag=None), checksum=None)
    leave_part(tmp_path, remote, b"perhaps of another file", None)
    path, _, _ = bring(remote)
    assert path.read_bytes() == CONTENT
    assert "Range" not in home.asked[0][1]


def test_a_piece_that_spoils_the_checksum_is_fetched_anew_once(
    home: Home, bring: Bring, tmp_path: Path
) -> None:
    remote = home.offer("/set", CONTENT, etag=None)
    leave_part(tmp_path, remote, b"x" * 1000, None)
    path, _, _ = bring(remote)
    assert path.read_bytes() == CONTENT
    assert [headers.get("Range") for _, headers in home.asked] == ["bytes=1000-", None]


def test_a_whole_piece_is_only_verified(home: Home, bring: Bring, tmp_path: Path) -> None:
    remote = home.offer("/set", CONTENT)
    leave_part(tmp_path, remote, CONTENT, '"v1"')
    path, _, _ = bring(remote)
    assert path.read_bytes() == CONTENT
    assert len(home.asked) == 1


def test_a_wrong_checksum_is_an_error_and_leaves_no_file(
    home: Home, bring: Bring, tmp_path: Path
) -> None:
    remote = home.offer("/set", CONTENT)
    home.files["/set"].content = CONTENT[:-1] + b"!"
    with pytest.raises(DataSourceError, match=r"set\.zip does not have the published checksum"):
        bring(remote)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_size_is_told_before_the_bytes_are_fetched(home: Home, bring: Bring) -> None:
    remote = replace(home.offer("/set", CONTENT), size_bytes=7)
    with pytest.raises(DataSourceError, match="1,048,576 bytes on the server, not the published 7"):
        bring(remote)


def test_a_busy_server_is_tried_again_when_it_says(home: Home, bring: Bring) -> None:
    remote = home.offer("/set", CONTENT, statuses=[503, 429], headers={"Retry-After": "7"})
    path, pauses, _ = bring(remote)
    assert path.read_bytes() == CONTENT
    assert pauses == [7.0, 7.0]


def test_a_server_that_keeps_failing_is_given_up_with_growing_pauses(
    home: Home, bring: Bring
) -> None:
    remote = home.offer("/set", CONTENT, statuses=[500] * ATTEMPTS)
    pauses: list[float] = []
    with new_client() as client, pytest.raises(DataSourceError, match="after 6 attempts"):
        download(remote, Path("unused"), client=client, pause=pauses.append)
    assert pauses == [2.0, 4.0, 8.0, 16.0, 32.0]


@pytest.mark.parametrize(
    ("status", "words"), [(404, "no longer at its published address"), (403, "server refused")]
)
def test_a_refusal_is_an_error_at_once(home: Home, bring: Bring, status: int, words: str) -> None:
    with pytest.raises(DataSourceError, match=words):
        bring(home.offer("/set", CONTENT, statuses=[status]))
    assert len(home.asked) == 1


def test_a_web_page_in_place_of_the_file_is_an_error(home: Home, bring: Bring) -> None:
    remote = home.offer("/set", CONTENT, headers={"Content-Type": "text/html; charset=utf-8"})
    with pytest.raises(DataSourceError, match="a web page"):
        bring(remote)


def test_credentials_do_not_follow_a_redirect_to_another_server(home: Home, bring: Bring) -> None:
    remote = home.offer("/signed", CONTENT)
    other = f"http://localhost:{home.server_port}/signed"
    home.files["/api"] = Served(b"", statuses=[302], headers={"Location": other})
    bring(replace(remote, url=home.url("/api")), ("someone", "secret"))
    assert "Authorization" in home.asked[0][1]
    assert "Authorization" not in home.asked[1][1]


def test_a_verified_file_is_not_fetched_again(home: Home, bring: Bring, tmp_path: Path) -> None:
    remote = home.offer("/set", CONTENT)
    (tmp_path / "set.zip").write_bytes(CONTENT)
    bring(remote)
    assert home.asked == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"half", "has 4 bytes, not the published 1,048,576"),
        (CONTENT[:-1] + b"!", "does not have the published checksum"),
    ],
)
def test_a_file_saved_by_hand_that_does_not_verify_is_refused_and_kept(
    home: Home, bring: Bring, tmp_path: Path, content: bytes, problem: str
) -> None:
    (tmp_path / "set.zip").write_bytes(content)
    with pytest.raises(DataSourceError, match=rf"set\.zip that is already there {problem}"):
        bring(home.offer("/set", CONTENT))
    assert (tmp_path / "set.zip").read_bytes() == content
    assert home.asked == []


# Archives


def keep(member: PurePosixPath) -> PurePosixPath:
    return member


@pytest.mark.parametrize("name", ["../outside", "a/../../outside", "/outside", "C:/x", "a\\..\\b"])
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_member_outside_the_folder_is_refused(
    tmp_path: Path, pack: Callable[[dict[str, bytes]], bytes], name: str
) -> None:
    archive = tmp_path / "bad"
    archive.write_bytes(pack({name: b"x"}))
    with pytest.raises(DataSourceError, match="outside its folder"):
        unpack(archive, tmp_path / "in", keep)
    assert [path.name for path in tmp_path.iterdir()] == ["bad"]


@pytest.mark.parametrize(
    "content",
    [
        zipped({"link": b"../outside"}, mode=stat.S_IFLNK | 0o777),
        tarred({"link": b""}, kind=tarfile.SYMTYPE),
        tarred({"link": b""}, kind=tarfile.LNKTYPE),
        tarred({"pipe": b""}, kind=tarfile.FIFOTYPE),
    ],
    # Named, since archives hold the time they were made at: processes would collect other tests.
    ids=["symbolic link in a zip", "symbolic link", "hard link", "pipe"],
)
def test_links_and_devices_are_refused(tmp_path: Path, content: bytes) -> None:
    archive = tmp_path / "bad"
    archive.write_bytes(content)
    with pytest.raises(DataSourceError, match="a link or device"):
        unpack(archive, tmp_path / "in", keep)


def test_an_archive_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hilum.datasets.downloads.archive.MAX_UNPACKED_BYTES", 1000)
    archive = tmp_path / "bomb.zip"
    archive.write_bytes(zipped({"a": bytes(600), "b": bytes(600)}))
    with pytest.raises(DataSourceError, match="more than any known data set"):
        unpack(archive, tmp_path / "in", keep)


def spoiled_zip() -> bytes:
    """A stored member with one byte changed: only its CRC-32 can tell."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.png", b"radiograph")
    return buffer.getvalue().replace(b"radiograph", b"radiogrqph")


def spoiled_gzip() -> bytes:
    """A good tar whose gzip trailer holds another CRC-32."""
    whole = bytearray(gzip.compress(gzip.decompress(tarred({"a.png": b"radiograph"}))))
    whole[-8] ^= 0xFF
    return bytes(whole)


@pytest.mark.parametrize(
    "content",
    [spoiled_zip(), spoiled_gzip(), tarred({"a": b"x" * 9000})[:60], b"PK\3\4 no zip"],
    ids=["spoiled zip", "spoiled gzip", "cut off", "no zip"],
)
def test_a_damaged_archive_is_an_error(tmp_path: Path, content: bytes) -> None:
    archive = tmp_path / "bad"
    archive.write_bytes(content)
    with pytest.raises(DataSourceError, match="bad is damaged"):
        unpack(archive, tmp_path / "in", keep)


def test_another_kind_of_file_is_not_taken_for_an_archive(tmp_path: Path) -> None:
    archive = tmp_path / "page"
    archive.write_bytes(b"<html>")
    with pytest.raises(DataSourceError, match="neither a zip nor"):
        unpack(archive, tmp_path / "in", keep)


def test_two_different_files_for_one_place_are_an_error(tmp_path: Path) -> None:
    archive = tmp_path / "set.zip"
    name = "train/NORMAL/a.jpeg"
    archive.write_bytes(
        zipped({f"chest_xray/{name}": b"one", f"chest_xray/chest_xray/{name}": b"two"})
    )
    with pytest.raises(DataSourceError, match="two different files named train"):
        unpack(archive, tmp_path / "in", place_kermany)


# The whole command

KERMANY_FILES = {
    "chest_xray/train/NORMAL/IM-0001-0001.jpeg": b"normal",
    "chest_xray/train/PNEUMONIA/person1_virus_1.jpeg": b"viral",
    "chest_xray/test/PNEUMONIA/person2_bacteria_1.jpeg": b"bacterial",
}
KERMANY_LAYOUT = {name.removeprefix("chest_xray/"): body for name, body in KERMANY_FILES.items()}


@dataclass
class Command:
    """`fetch` with the catalogue's addresses turned to the local server."""

    home: Home
    to: Path
    monkeypatch: pytest.MonkeyPatch
    said: io.StringIO = field(default_factory=io.StringIO)
    sources: dict[str, Source] = field(default_factory=dict)

    def serve(self, name: str, archives: dict[str, bytes], tables: dict[str, bytes]) -> None:
        source = public_sources()[name]
        origins = []
        for origin in source.origins:
            packed = tuple(
                self._mirror(public, archives[public.filename])
                for public in origin.archives
                if public.filename in archives
            )
            beside = tuple(
                replace(self.home.offer(f"/{filename}", body), filename=filename)
                for filename, body in tables.items()
            )
            origins.append(replace(origin, archives=packed, tables=beside))
        mine = replace(source, origins=tuple(o for o in origins if o.archives or o.tables))
        self.sources[name] = mine

    def _mirror(self, public: RemoteFile, body: bytes) -> RemoteFile:
        """Serve a file that says of itself what the public one does."""
        mine = self.home.offer(f"/{public.filename}", body)
        return replace(
            mine,
            filename=public.filename,
            size_bytes=mine.size_bytes if public.size_bytes else None,
            checksum=mine.checksum if public.checksum else None,
        )

    def __call__(self, name: str, **options: object) -> Path:
        console = Console(file=self.said, width=200)
        return fetch(
            self.sources.get(name) or find_source(name), self.to, console=console, **options
        )  # type: ignore[arg-type]


@pytest.fixture
def command(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    for name in ("KAGGLE_USERNAME", "KAGGLE_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KAGGLE_CONFIG_DIR", str(tmp_path / "no-token-here"))
    return Command(home, tmp_path / "data", monkeypatch)


@pytest.fixture
def kermany(command: Command) -> Command:
    packed = zipped(KERMANY_FILES | {"chest_xray/.DS_Store": b"", "chest_xray/train/": b""})
    kaggle = zipped(
        KERMANY_FILES
        | {"chest_xray/val/NORMAL/NORMAL2-IM-1.jpeg": b"val"}
        | {f"chest_xray/{name}": body for name, body in KERMANY_FILES.items()}
        | {f"chest_xray/__MACOSX/{name}": b"finder" for name in KERMANY_FILES}
        | {"chest_xray/__MACOSX/chest_xray/train/NORMAL/._IM-0001-0001.jpeg": b"finder"}
    )
    archives = {"ChestXRay2017.zip": packed, "chest-xray-pneumonia.zip": kaggle}
    command.serve("chest_xray", archives, {})
    return command


@pytest.fixture
def nih(command: Command) -> Command:
    archives = {
        f"images_{part:03d}.tar.gz": tarred({f"images/0000000{part}_000.png": b"png %d" % part})
        for part in (1, 2, 3)
    }
    command.serve("nih_chestxray14", archives, {"Data_Entry_2017_v2020.csv": b"Image Index\n"})
    return command


def test_the_paediatric_set_from_mendeley_is_in_its_layout(kermany: Command) -> None:
    folder = kermany("chest_xray")
    assert folder == kermany.to / "chest_xray"
    assert written(folder) == KERMANY_LAYOUT
    assert [path.name for path in kermany.to.iterdir()] == ["chest_xray"], "no archive is left"
    assert "CC BY 4.0" in kermany.said.getvalue()
    assert "3 radiographs" in kermany.said.getvalue()


def test_the_paediatric_set_from_kaggle_is_in_the_same_layout(kermany: Command) -> None:
    kermany.monkeypatch.setenv("KAGGLE_USERNAME", "someone")
    kermany.monkeypatch.setenv("KAGGLE_KEY", "secret")
    folder = kermany("chest_xray", origin="kaggle")
    assert written(folder) == KERMANY_LAYOUT | {"val/NORMAL/NORMAL2-IM-1.jpeg": b"val"}
    assert kermany.home.asked[0][1]["Authorization"].startswith("Basic ")
    assert "kaggle publishes no checksum" in kermany.said.getvalue()


def test_the_nih_set_has_its_images_and_tables_side_by_side(nih: Command) -> None:
    folder = nih("nih_chestxray14")
    assert written(folder) == {
        "Data_Entry_2017_v2020.csv": b"Image Index\n",
        **{f"images/0000000{part}_000.png": b"png %d" % part for part in (1, 2, 3)},
    }


def test_parts_are_fetched_alone_and_added_to(nih: Command) -> None:
    folder = nih("nih_chestxray14", parts=[2])
    assert {path.name for path in (folder / "images").iterdir()} == {"00000002_000.png"}
    nih.home.asked.clear()
    nih("nih_chestxray14", parts=[3, 2])
    assert [path for path, _ in nih.home.asked] == ["/images_003.tar.gz"]


@pytest.mark.parametrize("parts", [[0], [4], []])
def test_parts_that_do_not_exist_are_an_error(nih: Command, parts: list[int]) -> None:
    with pytest.raises(DataSourceError, match="numbered from 1 to 3"):
        nih("nih_chestxray14", parts=parts)


def test_the_second_run_does_nothing_and_says_so(kermany: Command) -> None:
    kermany("chest_xray")
    kermany.home.asked.clear()
    kermany("chest_xray")
    assert kermany.home.asked == []
    assert "already present and verified, from mendeley" in kermany.said.getvalue()


def test_a_file_lost_since_is_brought_back(kermany: Command) -> None:
    folder = kermany("chest_xray")
    (folder / "train/NORMAL/IM-0001-0001.jpeg").unlink()
    kermany("chest_xray")
    assert written(folder) == KERMANY_LAYOUT


def test_an_archive_saved_by_hand_is_used(kermany: Command) -> None:
    kermany.to.mkdir()
    served = kermany.home.files["/ChestXRay2017.zip"].content
    (kermany.to / "ChestXRay2017.zip").write_bytes(served)
    assert written(kermany("chest_xray")) == KERMANY_LAYOUT
    assert kermany.home.asked == []


def test_files_that_were_not_fetched_here_are_left_alone(kermany: Command) -> None:
    mine = kermany.to / "chest_xray/train/NORMAL/IM-0001-0001.jpeg"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    with pytest.raises(DataSourceError, match="not fetched by this command"):
        kermany("chest_xray")
    assert mine.read_bytes() == b"mine"
    assert kermany.home.asked == []


def test_two_origins_are_not_mixed_in_one_folder(kermany: Command) -> None:
    folder = kermany("chest_xray")
    (folder / "train/NORMAL/IM-0001-0001.jpeg").unlink()
    with pytest.raises(DataSourceError, match="came from mendeley"):
        kermany("chest_xray", origin="kaggle")


def test_a_wrong_checksum_leaves_no_radiograph_and_says_what_to_do(kermany: Command) -> None:
    good = kermany.home.files["/ChestXRay2017.zip"].content
    kermany.home.files["/ChestXRay2017.zip"].content = good[:-1] + bytes([good[-1] ^ 1])
    with pytest.raises(DataSourceError, match="published checksum") as caught:
        kermany("chest_xray")
    assert "DIR/ChestXRay2017.zip" in str(caught.value)
    assert written(kermany.to) == {}


def test_a_damaged_archive_without_checksum_is_not_kept(kermany: Command) -> None:
    kermany.monkeypatch.setenv("KAGGLE_USERNAME", "someone")
    kermany.monkeypatch.setenv("KAGGLE_KEY", "secret")
    served = kermany.home.files["/chest-xray-pneumonia.zip"]
    served.content = b"PK" + bytes(len(served.content) - 2)
    with pytest.raises(DataSourceError, match="is damaged"):
        kermany("chest_xray", origin="kaggle")
    assert written(kermany.to) == {}


def test_kaggle_without_a_token_says_how_to_get_one(kermany: Command) -> None:
    with pytest.raises(DataSourceError, match=r"KAGGLE_USERNAME and KAGGLE_KEY.*kaggle\.json"):
        kermany("chest_xray", origin="kaggle")
    assert kermany.home.asked == []


def test_a_full_disk_is_told_before_the_download(kermany: Command) -> None:
    kermany.monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=10))
    with pytest.raises(DataSourceError, match="of free space"):
        kermany("chest_xray")
    assert kermany.home.asked == []


def test_the_token_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "kaggle.json").write_text('{"username": "someone", "key": "secret"}')
    assert read_token({"KAGGLE_CONFIG_DIR": str(tmp_path)}) == ("someone", "secret")


@pytest.mark.parametrize("content", ["", "[]", '{"username": "someone"}'])
def test_a_file_that_is_no_token_is_an_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "kaggle.json").write_text(content)
    with pytest.raises(DataSourceError, match="is not a Kaggle token"):
        read_token({"KAGGLE_CONFIG_DIR": str(tmp_path)})


def test_weights_to_start_from_are_one_verified_file(command: Command) -> None:
    filename = "tf2_mobilenet_v2_1.0_224_ptq.tflite"
    command.serve("mobilenet_v2", {}, {filename: b"weights"})
    folder = command("mobilenet_v2")
    assert (folder / filename).read_bytes() == b"weights"
    assert f"{filename}: verified" in command.said.getvalue().replace("\n", "")
    assert "radiographs" not in command.said.getvalue()
    assert command("mobilenet_v2") == folder
    assert len(command.home.asked) == 1


def test_weights_that_are_others_than_published_are_not_kept(command: Command) -> None:
    filename = "tf2_mobilenet_v2_1.0_224_ptq.tflite"
    command.serve("mobilenet_v2", {}, {filename: b"weights"})
    command.home.files[f"/{filename}"].content = b"w3ights"
    with pytest.raises(DataSourceError, match="published checksum"):
        command("mobilenet_v2")
    assert not (command.to / "mobilenet_v2" / filename).exists()


# The catalogue


def test_unknown_names_list_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(DataSourceError, match=f"Known ones: {', '.join(public_sources())}"):
        find_source("unknown")
    with pytest.raises(DataSourceError, match="only from: mendeley, kaggle"):
        fetch(find_source("chest_xray"), tmp_path, origin="nih")


@pytest.mark.parametrize("name", public_sources())
def test_how_to_get_names_the_command_the_homepage_and_the_layout(name: str) -> None:
    words = find_source(name).how_to_get()
    assert f"hilum data {name} --to DIR" in words
    assert find_source(name).homepage in words
    assert f"DIR/{name}/" in words
    assert len(words.splitlines()) == 3


def test_every_published_file_is_fetched_over_tls_and_has_a_well_formed_checksum() -> None:
    digits = {"md5": 32, "sha256": 64}
    for source in public_sources().values():
        for origin in source.origins:
            for remote in (*origin.archives, *origin.tables):
                assert remote.url.startswith("https://")
                if not origin.needs_kaggle_token:
                    assert remote.size_bytes is not None
                    assert remote.checksum is not None
                    algorithm, digest = remote.checksum
                    assert len(bytes.fromhex(digest)) * 2 == digits[algorithm]
