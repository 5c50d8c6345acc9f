"""Slow folders are made once, and anew when what they depend on changes."""

from pathlib import Path

import pytest

from tests.made_once import made_once


def write(folder: Path) -> None:
    (folder / "made").write_text("whole")


def never(folder: Path) -> None:
    pytest.fail("It was made before.")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.py"
    path.write_text("one")
    return path


def test_of_the_same_sources_a_folder_is_made_once(tmp_path: Path, source: Path) -> None:
    first = made_once("thing", write, [source], kept=tmp_path)

    assert made_once("thing", never, [source], kept=tmp_path) == first
    assert (first / "made").read_text() == "whole"


def test_of_other_sources_another_is_made(tmp_path: Path, source: Path) -> None:
    older = made_once("thing", write, [source], kept=tmp_path)
    source.write_text("two")

    newer = made_once("thing", write, [source], kept=tmp_path)

    assert newer != older
    assert (newer / "made").is_file()
    assert (older / "made").is_file(), "tests may be running on it"


def test_what_was_not_finished_is_made_again(tmp_path: Path, source: Path) -> None:
    def killed(folder: Path) -> None:
        write(folder)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made_once("thing", killed, [source], kept=tmp_path)

    assert (made_once("thing", write, [source], kept=tmp_path) / "made").is_file()
