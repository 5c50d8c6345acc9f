"""`hilum deidentify`: each file is written, or told of by count and reason."""

import errno
import io
import os
import stat
from pathlib import Path

import pydicom
import pytest
from pydicom import Dataset
from typer.testing import CliRunner

from hilum.cli import app
from tests.deidentification.directories import directory_file
from tests.deidentification.named_everywhere import NAME, PLACES
from tests.deidentification.named_frames import compressed
from tests.pacs.films import NAMES, as_file, film


@pytest.fixture
def run(tmp_path):
    """Write files to a folder with a name and run the command on it."""

    def run(files: dict[str, bytes], *options: str):
        folder = tmp_path / "in" / "Lindqvist_Josephine"
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        out = tmp_path / "out"
        done = CliRunner().invoke(app, ["deidentify", str(folder), "-o", str(out), *options])
        written = list(out.iterdir())
        for path in written:
            assert not [each for each in NAMES if each in path.read_bytes()]
        return done.exit_code, " ".join(done.output.split()), written

    return run


def _without_preamble() -> bytes:
    made = film(2)
    bare = Dataset({element.tag: element for element in made})
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, bare, implicit_vr=True, little_endian=True)
    return buffer.getvalue()


def test_files_are_written_under_names_of_nobody_and_warned_of(run):
    code, told, written = run(
        {
            "Lindqvist.dcm": as_file(film(BurnedInAnnotation="YES")),
            "other": as_file(
                film(1, SOPClassUID="1.2.840.10008.5.1.4.1.1.7", BodyPartExamined="ACME")
            ),
            "notes.txt": b"no DICOM",
        },
        *("--retain", "uids", "--retain", "dates"),
    )
    assert code == 0, told
    assert "2 files written" in told
    assert "1 say that writing is burned into the picture" in told
    assert "1 are secondary captures" in told
    assert "1 other files left out: they are no DICOM files" in told
    assert "Codes that DICOM does not define were left out, by files: BodyPartExamined (1)." in told
    assert "ACME" not in told
    assert "hidden places" not in told
    assert len(written) == 2
    for path in written:
        assert not {"Lindqvist", "Josephine", "other"} & set(path.stem.split("_"))
        assert path.stat().st_mode & stat.S_IRUSR
    assert {pydicom.dcmread(path).StudyDate for path in written} == {"20261120"}


def test_a_file_without_preamble_is_written_too(run):
    code, told, written = run({"one.dcm": as_file(film()), "two": _without_preamble()})
    assert code == 0, told
    assert "2 files written" in told
    patients = {pydicom.dcmread(path).PatientID for path in written}
    assert len(patients) == 1


def test_a_file_that_cannot_be_done_is_told_of_and_is_an_error(run):
    whole = as_file(film())
    video = compressed("HTJ2K lossless").replace(b"1.2.4.201", b"1.2.4.100", 1)
    files = {"one": whole, "cut 1": whole[:9000], "cut 2": whole[:-700], "film": video}
    code, told, written = run(files | {"empty": b"", "four": as_file(film(1))})
    assert code == 1
    assert len(written) == 2
    assert "2 files left out: The DICOM file is" in told
    assert "1 files left out: The DICOM file holds a video" in told
    assert "Not all DICOM files were de-identified" in told
    assert "1 other files left out" in told
    assert "cut" not in told


def test_hidden_things_are_told_of_by_count(run):
    code, told, _ = run(
        {
            "one": PLACES["a comment of JPEG baseline"](NAME),
            "two": PLACES["EXIF of JPEG-LS lossless"](NAME),
            "three": PLACES["an overlay"](NAME),
            "four": compressed("RLE"),
        }
    )
    assert code == 0
    assert "comments or metadata in a compressed frame (2), overlays or curves (1)" in told


def test_a_dicomdir_is_named_and_left_out(run):
    code, told, written = run({"DICOMDIR": directory_file(), "one": as_file(film())})
    assert code == 0
    assert "DICOMDIR" in told
    assert "damaged" not in told
    assert len(written) == 1


def test_it_is_an_error_where_there_is_nothing_to_write(run):
    code, told, written = run({"DICOMDIR": directory_file()})
    assert (code, written) == (1, [])
    assert "No file was de-identified" in told


def test_links_to_folders_and_what_is_no_file_are_told_of(run, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "two").write_bytes(as_file(film(1)))
    folder = tmp_path / "in" / "Lindqvist_Josephine" / "more"
    folder.mkdir(parents=True)
    (folder / "linked folder").symlink_to(elsewhere)
    (folder / "linked file").symlink_to(elsewhere / "two")
    (folder / "nowhere").symlink_to(tmp_path / "nothing")
    os.mkfifo(folder / "pipe")
    code, told, written = run({"one": as_file(film())})
    assert (code, len(written)) == (0, 2), told
    assert "2 links left out: they lead to folders, or nowhere" in told
    assert "1 left out: they are neither files nor folders" in told


def test_a_file_that_is_there_twice_is_written_and_counted_once(run):
    content = as_file(film())
    code, told, written = run({"one": content, "two": content, "three": as_file(film(1))})
    assert (code, len(written)) == (0, 2)
    assert "2 files written" in told
    assert "1 files not written again" in told


def test_a_full_disk_leaves_whole_files_alone_and_is_told_of(run, monkeypatch):
    write, written_before = Path.write_bytes, []

    def write_until_full(path: Path, content: bytes) -> int:
        if path.parent.name == "out":
            if written_before:
                write(path, content[:1000])
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            written_before.append(path)
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", write_until_full)
    code, told, written = run({f"film {n}": as_file(film(n)) for n in range(3)})
    assert (code, len(written)) == (1, 1)
    assert pydicom.dcmread(written[0]).PatientIdentityRemoved == "YES"
    assert "1 files written" in told
    assert "No space left on device" in told
