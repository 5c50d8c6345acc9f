"""The locks name what pyproject.toml asks for and all that it brings, each by version and hash.

A failure says that pyproject.toml or a lock was changed alone: run ``make lock``.
"""

import json
import re
from importlib.metadata import PackageNotFoundError, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.supply_chain.locks import (
    LOCKS,
    PROJECT,
    ROOT,
    direct,
    for_this_platform,
    lock,
    read_lock,
)

EXTRAS = tuple(set(PROJECT["project"]["optional-dependencies"]) - {"fuzz"})
ASKED = {
    "build": [Requirement(each) for each in PROJECT["build-system"]["requires"]],
    "serving": direct(),
    "development": direct(*EXTRAS),
}


def brought(asked, pins):
    """Names of all that requirements bring here, with the requirements that no pin fulfils."""
    names, unmet, seen = set(), set(), set()
    waiting = list(asked)
    while waiting:
        each = waiting.pop()
        name, extras = canonicalize_name(each.name), frozenset(each.extras)
        pin = pins.get(name)
        if pin is None or not each.specifier.contains(pin.version, prereleases=True):
            unmet.add(str(each))
        if pin is None or (name, extras) in seen:
            continue
        seen.add((name, extras))
        names.add(name)
        for text in requires(name) or ():
            inner = Requirement(text)
            markers = [{"extra": extra} for extra in (extras or {""})]
            if inner.marker is None or any(inner.marker.evaluate(each) for each in markers):
                waiting.append(inner)
    return names, unmet


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_all_that_is_asked_for_and_all_that_this_brings_and_no_more(name):
    pins = for_this_platform(lock(name))
    try:
        names, unmet = brought(ASKED[name], pins)
    except PackageNotFoundError as exc:
        pytest.fail(f"{exc.name} is locked and not installed: run make setup-dev")
    assert not unmet
    assert set(pins) == names


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_of_a_lock_has_the_hashes_of_its_files(name):
    for pin in lock(name):
        assert pin.hashes, pin.name
        for each in pin.hashes:
            assert re.fullmatch("sha256:[0-9a-f]{64}", each)


def test_the_constraints_are_the_versions_of_the_locks():
    constraints = {str(pin.requirement) for pin in read_lock(ROOT / "constraints.txt")}
    build, serving, development = ({str(pin.requirement) for pin in lock(name)} for name in LOCKS)
    assert constraints == development | build
    assert {each.split(";")[0] for each in serving} <= {each.split(";")[0] for each in constraints}


@pytest.mark.parametrize(
    "path", ["constraints.txt", *(f"requirements/{each}.txt" for each in LOCKS)]
)
def test_a_lock_names_no_registry(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text
    assert "find-links" not in text


def test_every_package_of_the_page_has_a_hash_and_no_download_address():
    packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text("utf-8"))["packages"]
    assert packages.pop("")
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


def test_install_scripts_of_the_pages_packages_do_not_run():
    assert "ignore-scripts=true" in (ROOT / "frontend" / ".npmrc").read_text("utf-8").splitlines()
    for path in ("Makefile", "Dockerfile"):
        installs = re.findall(r"npm ci.*", (ROOT / path).read_text("utf-8"))
        assert installs, path
        assert all("--ignore-scripts" in each for each in installs)
