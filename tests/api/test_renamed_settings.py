"""Settings by earlier names, and the earlier folder of the store, are taken with a warning."""

import warnings
from pathlib import Path

import pytest

from hilum.api import Settings, renamed_settings
from hilum.api.holdings import store_settings


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Where the store is by default, and where it was: neither is there."""
    new, earlier = tmp_path / "store", tmp_path / "worklist"
    monkeypatch.setattr(renamed_settings, "STORE", new)
    monkeypatch.setattr(renamed_settings, "EARLIER_STORE", earlier)
    return new, earlier


def test_an_earlier_name_is_taken_with_a_warning_that_names_the_new_one(monkeypatch):
    monkeypatch.setenv("HILUM_READERS", "7")
    with pytest.warns(FutureWarning, match="HILUM_READERS is now HILUM_PROCESSOR_WORKERS. Rename"):
        settings = Settings()
    assert settings.processor_workers == 7


def test_the_new_name_wins_where_both_are_set(monkeypatch):
    monkeypatch.setenv("HILUM_READERS", "7")
    monkeypatch.setenv("HILUM_PROCESSOR_WORKERS", "3")
    with pytest.warns(FutureWarning, match="Both are set: HILUM_PROCESSOR_WORKERS is used"):
        settings = Settings()
    assert settings.processor_workers == 3


def test_the_new_name_alone_is_taken_without_a_warning(monkeypatch):
    monkeypatch.setenv("HILUM_PROCESSOR_WORKERS", "3")
    assert Settings().processor_workers == 3


def test_every_earlier_name_leads_to_a_setting():
    known = {f"HILUM_{name.upper()}" for name in Settings.model_fields}
    assert set(renamed_settings.RENAMED.values()) <= known
    assert not known & renamed_settings.RENAMED.keys()


def test_a_new_installation_has_its_store_in_the_new_folder(folders):
    assert Settings().store == folders[0]


def test_the_earlier_folder_is_used_where_it_alone_is_there_with_a_warning(folders):
    folders[1].mkdir()
    with pytest.warns(FutureWarning, match="The folder data/worklist is used"):
        assert store_settings(Settings()).folder == folders[1]


@pytest.mark.parametrize("is_set", [False, True])
def test_the_new_folder_or_the_one_that_is_set_is_used_without_a_warning(
    folders, monkeypatch, is_set
):
    new, earlier = folders
    earlier.mkdir()
    wanted = earlier if is_set else new
    if is_set:
        monkeypatch.setenv("HILUM_STORE", str(earlier))
    else:
        new.mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert store_settings(Settings()).folder == wanted


@pytest.mark.parametrize(
    "name", ["HILUM_STORE", "HILUM_MODELS_DIR", "HILUM_PAGE_DIR", "HILUM_TOKEN_FILE"]
)
def test_an_empty_path_is_not_the_current_folder(monkeypatch, name):
    field = name.removeprefix("HILUM_").lower()
    monkeypatch.delenv(name, raising=False)
    default = getattr(Settings(), field)
    monkeypatch.setenv(name, "")
    assert getattr(Settings(), field) == default != Path()
