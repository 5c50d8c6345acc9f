"""What the Dockerfile and compose.yaml promise, without building them (`make test-container`)."""

import json
from pathlib import Path, PurePosixPath

import pytest
import yaml

from hilum.models import load_bundle
from hilum.models.anatomy import AnatomyCard
from hilum.models.bundle import load_bundle_of
from tests.container.context import Context
from tests.container.dockerfile import container_of, read_dockerfile

ROOT = Path(__file__).resolve().parents[2]
STAGES = read_dockerfile(ROOT / "Dockerfile")
CONTEXT = Context(ROOT)


def copied(stage_name):
    """Paths that COPY takes from this checkout in one stage."""
    for stage in STAGES:
        for each in stage.instructions:
            if each.keyword == "COPY" and stage.name == stage_name and not each.options:
                for source in each.value.split()[:-1]:
                    yield from (file.relative_to(ROOT) for file, _ in CONTEXT.files(source))


def test_the_image_runs_as_a_numbered_user_who_is_not_root():
    user, group = map(int, container_of(STAGES[-1]).user.split(":"))
    assert user > 0
    assert group > 0


def test_only_the_store_is_a_volume():
    container = container_of(STAGES[-1])
    assert container.volumes == [container.environment["HILUM_STORE"]]


def test_the_image_holds_every_file_that_the_models_cards_name():
    models = ROOT / "ml_model"
    needed = {Path("ml_model/pneumonia/card.json"), Path("ml_model/anatomy/card.json")}
    for bundle in (
        load_bundle(models / "pneumonia"),
        load_bundle_of(AnatomyCard, models / "anatomy"),
    ):
        needed |= {bundle.folder.relative_to(ROOT) / name for name in bundle.card.files}
    assert needed <= set(copied(""))


def test_every_package_file_reaches_the_stage_that_makes_the_wheel():
    sources = {
        path.relative_to(ROOT)
        for path in (ROOT / "backend" / "hilum").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert sources <= set(copied("python"))


@pytest.mark.parametrize(
    "name",
    [
        *("data/film.dcm", ".git/config", ".env", ".venv/bin/python", "tests/conftest.py"),
        *("frontend/node_modules/react/index.js", "backend/hilum/__pycache__/x.pyc"),
        "ml_model/train_pneumonia.ipynb",
    ],
)
def test_the_context_leaves_out(name):
    assert CONTEXT.ignores(PurePosixPath(name))


def test_a_later_line_of_dockerignore_takes_a_file_back_in(tmp_path):
    (tmp_path / ".dockerignore").write_text("*\n!kept\nkept/*.log\n**/*.tmp\n!kept/one.log\n")
    ignores = Context(tmp_path).ignores
    names = ["a", "kept/a", "kept/two.log", "kept/one.log", "kept/x/two.log", "kept/x/y.tmp"]
    assert [ignores(PurePosixPath(name)) for name in names] == [
        *(True, False, True, False, False, True)
    ]


def test_stages_options_and_continued_lines_are_read(tmp_path):
    (tmp_path / "Dockerfile").write_text(
        "# one\nFROM debian:x-slim AS first\nRUN a \\\n    # why\n    && b\n"
        "FROM debian:x-slim\nCOPY --from=first /a /b\n"
    )
    first, last = read_dockerfile(tmp_path / "Dockerfile")
    assert (first.name, first.values("RUN")) == ("first", ["a  && b"])
    assert last.instructions == [("COPY", {"from": "first"}, "/a /b")]
    (tmp_path / "Dockerfile").write_text("FROM debian:x-slim\nADD a b\n")
    with pytest.raises(ValueError, match="ADD"):
        read_dockerfile(tmp_path / "Dockerfile")


def test_the_health_check_asks_the_port_that_the_service_listens_on():
    container = container_of(STAGES[-1])
    port = container.command[container.command.index("--port") + 1]
    assert f"http://127.0.0.1:{port}/health/ready" in json.dumps(container.health)
    assert STAGES[-1].values("EXPOSE") == [port]


def test_compose_publishes_on_this_machine_alone_and_takes_every_privilege_away():
    service = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["hilum"]
    container = container_of(STAGES[-1])
    assert service["ports"] == ["127.0.0.1:8000:8000"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert [each.split(":")[1] for each in service["volumes"]] == container.volumes
    assert [each.split(":")[0] for each in service["tmpfs"]] == [container.folder]
