"""A bundle is used only where its files are those that its card describes."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hilum.errors import BundleError, UnknownModelError
from hilum.findings import Finding
from hilum.models import Card, Reader, Registry, RuntimeName, load_bundle
from hilum.models.bundle import sha256_of
from hilum.models.loading import Unavailable
from hilum.models.measured import Interval, SplitMetrics


@pytest.fixture
def folder(tmp_path: Path, models_dir: Path) -> Path:
    """A copy of the tiny bundle, to be damaged."""
    return Path(shutil.copytree(models_dir / "pneumonia", tmp_path / "models" / "pneumonia"))


def _rewrite_card(folder: Path, **changes: Any) -> None:
    path = folder / "card.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_sound_bundle_is_known_by_the_hash_of_its_source(folder: Path) -> None:
    bundle = load_bundle(folder)
    assert bundle.sha256 == sha256_of(folder / "model.keras")
    assert len(bundle.sha256) == 64


def test_the_hash_is_sha256(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    # FIPS 180-2, appendix B.1.
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_of(tmp_path / "abc") == expected


@pytest.mark.parametrize("file", ["model.keras", "model.onnx"])
def test_a_damaged_file_is_named(folder: Path, file: str) -> None:
    content = bytearray((folder / file).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / file).write_bytes(content)
    with pytest.raises(BundleError, match=f"'pneumonia'.*{file}.*card.*Restore"):
        load_bundle(folder)


@pytest.mark.parametrize("file", ["model.keras", "model.onnx"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(BundleError, match=f"'pneumonia'.*{file} is missing"):
        load_bundle(folder)


@pytest.mark.parametrize("file", ["model.keras", "model.onnx"])
def test_a_card_that_names_no_hash_of_a_file_is_refused(folder: Path, file: str) -> None:
    _rewrite_card(folder, files={"other": "0" * 64})
    with pytest.raises(BundleError, match="names no model"):
        load_bundle(folder)


def test_a_missing_card_is_told(folder: Path) -> None:
    (folder / "card.json").unlink()
    with pytest.raises(BundleError, match=r"'pneumonia' has no card\.json. Restore"):
        load_bundle(folder)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"", "not valid JSON .*line 1.* Correct it, or restore the bundle"),
        (b'{"name": "x",\n"main": }', "not valid JSON .*line 2"),
        (b"9" * 5000, "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[]", "no valid schema_version"),
        (b"{}", "no valid schema_version"),
        (b'{"schema_version": 2}', "name: missing"),
        (b"\xff\xfe", "not valid JSON"),
    ],
)
def test_a_broken_card_is_told_by_place(folder: Path, text: bytes, place: str) -> None:
    (folder / "card.json").write_bytes(text)
    with pytest.raises(BundleError, match=place):
        load_bundle(folder)


def test_a_card_that_cannot_be_read_says_why(folder: Path) -> None:
    (folder / "card.json").unlink()
    (folder / "card.json").mkdir()
    with pytest.raises(BundleError, match=r"cannot be read \(Is a directory\)"):
        load_bundle(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"main": "viral_pneumonia"},
        {"outputs": ["normal", "unknown", "viral_pneumonia"]},
        {"surprise": 1},
        {"preprocessing": {"input_size_px": 64, "fit": "crop"}},
    ],
)
def test_a_card_that_contradicts_itself_is_refused(folder: Path, changes: dict[str, Any]) -> None:
    _rewrite_card(folder, **changes)
    with pytest.raises(BundleError, match="does not match its schema"):
        load_bundle(folder)


def test_messages_hold_no_path_of_the_server(folder: Path) -> None:
    (folder / "model.onnx").unlink()
    with pytest.raises(BundleError) as missing:
        load_bundle(folder)
    assert str(folder.parent) not in str(missing.value)


@pytest.mark.parametrize("runtime", list(RuntimeName))
def test_weights_that_no_runtime_understands_are_a_bundle_error(
    folder: Path, runtime: RuntimeName
) -> None:
    for file in ("model.keras", "model.onnx"):
        (folder / file).write_bytes(b"these are no weights")
    hashes = {file: sha256_of(folder / file) for file in ("model.keras", "model.onnx")}
    _rewrite_card(folder, files=hashes)
    with pytest.raises(BundleError, match=f"cannot be loaded by {runtime.value}"):
        Reader(load_bundle(folder), runtime)


@pytest.mark.parametrize("changes", [{"input_size_px": 96}, {"channels": 3}])
@pytest.mark.parametrize("runtime", list(RuntimeName))
def test_a_network_of_another_input_is_a_bundle_error(
    folder: Path, changes: dict[str, int], runtime: RuntimeName
) -> None:
    card = json.loads((folder / "card.json").read_text())
    part = "input" if "channels" in changes else "preprocessing"
    _rewrite_card(folder, **{part: card[part] | changes})
    is_openvino = runtime.verified is RuntimeName.OPENVINO
    told = "does not take the input" if is_openvino else "cannot be loaded by"
    with pytest.raises(BundleError, match=told):
        Reader(load_bundle(folder), runtime)


@pytest.mark.parametrize("runtime", [RuntimeName.OPENVINO, RuntimeName.ONNXRUNTIME])
def test_a_network_of_another_card_is_a_bundle_error(
    folder: Path, make_card: Callable[..., Card], runtime: RuntimeName
) -> None:
    files = load_bundle(folder).card.files
    other = make_card(
        files,
        outputs=("normal", "pneumonia"),
        parts=(),
        calibration={"temperature": (1, 1), "bias": (0, 0), "fitted_on": ""},
    )
    (folder / "card.json").write_text(other.model_dump_json())
    with pytest.raises(BundleError, match="do not match its card"):
        Reader(load_bundle(folder), runtime)


def test_a_registry_holds_the_sound_and_says_why_not_of_the_others(
    folder: Path, models_dir: Path
) -> None:
    broken = folder.parent / "broken"
    shutil.copytree(folder, broken)
    (broken / "model.onnx").unlink()
    (folder.parent / "no-bundle").mkdir()
    registry = Registry(folder.parent, default="pneumonia", runtime=RuntimeName.OPENVINO)
    assert registry.names == ("pneumonia", "broken")
    assert registry.reader().card.name == "pneumonia"
    entry = registry.entry("broken")
    assert isinstance(entry, Unavailable)
    assert "model.onnx is missing" in entry.reason
    with pytest.raises(BundleError, match=r"model\.onnx is missing"):
        registry.reader("broken")


def test_an_unknown_model_is_answered_with_the_known(models_dir: Path) -> None:
    registry = Registry(models_dir, default="pneumonia", runtime=RuntimeName.OPENVINO)
    with pytest.raises(
        UnknownModelError, match=r"no model of this name.*Known models: pneumonia"
    ) as unknown:
        registry.reader("fracture")
    assert unknown.value.known == ("pneumonia",)


def test_without_any_bundle_the_default_is_known_and_unavailable(tmp_path: Path) -> None:
    registry = Registry(tmp_path, default="pneumonia", runtime=RuntimeName.OPENVINO)
    assert registry.names == ("pneumonia",)
    with pytest.raises(BundleError, match="'pneumonia'"):
        registry.reader()


@pytest.mark.parametrize(("low", "is_assessed"), [(0.70, True), (0.699, False)])
def test_a_finding_counts_as_assessed_from_an_interval_above_070(
    folder: Path, low: float, is_assessed: bool
) -> None:
    card = load_bundle(folder).card
    weak = Interval(value=0.8, low=low, high=0.9)
    metrics = SplitMetrics(
        patients=1, images=1, positives=1, auroc=Interval(value=0.9, low=0.8, high=1),
        accuracy=weak, sensitivity=weak, specificity=weak, brier=weak,
        expected_calibration_error=weak, parts_auroc=weak, confusion={},
    )  # fmt: skip
    task = card.main_task.model_copy(update={"metrics": {"test": metrics}})
    card = card.model_copy(update={"tasks": (task,)})

    assert card.is_assessed(Finding.VIRAL_PNEUMONIA) is is_assessed
    assert card.is_assessed(Finding.PNEUMONIA)


def test_without_test_patients_nothing_is_assessed(folder: Path) -> None:
    card = load_bundle(folder).card
    assert not card.main_task.metrics

    assert not card.is_assessed(Finding.PNEUMONIA)


def test_a_bundle_in_a_folder_of_another_name_is_not_used(folder: Path) -> None:
    folder.rename(folder.with_name("adults"))

    registry = Registry(folder.parent, default="adults", runtime=RuntimeName.OPENVINO)

    entry = registry.entry("adults")
    assert isinstance(entry, Unavailable)
    assert "is of model 'pneumonia'" in entry.reason
