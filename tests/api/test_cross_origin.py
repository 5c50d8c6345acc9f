"""Which origins' pages may call the API: those of this machine by default, others by a setting."""

import pytest
import uvicorn
from typer.testing import CliRunner

from hilum.api import Settings
from hilum.api.cross_origin import LOCAL_PAGES, is_loopback
from hilum.cli.commands import app as command

LOOPBACK = ("http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000")
ELSEWHERE = ("http://192.168.1.20:8000", "http://hilum.example", "http://0.0.0.0:8000")
ALLOWED = "access-control-allow-origin"
OPEN = {"allow_unauthenticated": True, "allowed_hosts": ("hilum.example",)}


def _post(client, at, origin, files):
    return client.post(f"{at}/", files={"file": ("x", files["png"])}, headers={"Origin": origin})


def _preflight(client, at, origin, method="POST"):
    asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "x-a"}
    return client.options(f"{at}/predict", headers={"Origin": origin, **asked})


@pytest.mark.parametrize("origin", LOCAL_PAGES)
@pytest.mark.parametrize("at", LOOPBACK)
def test_the_original_page_may_post_while_bound_to_loopback(client, files, at, origin):
    answer = _post(client, at, origin, files)
    assert (answer.status_code, answer.headers[ALLOWED]) == (200, origin)
    assert "Origin" in answer.headers["vary"]
    assert "access-control-allow-credentials" not in answer.headers
    assert _preflight(client, at, origin).headers[ALLOWED] == origin


@pytest.mark.parametrize("at", ELSEWHERE)
def test_no_origin_is_allowed_by_default_on_other_addresses(make_client, files, at):
    with make_client(**OPEN) as client:
        answer = _post(client, at, LOCAL_PAGES[0], files)
        assert answer.status_code == 403
        assert ALLOWED not in answer.headers
        assert ALLOWED not in _preflight(client, at, LOCAL_PAGES[0]).headers


@pytest.mark.parametrize(
    "origin",
    ["http://localhost:3001", "https://localhost:3000", "http://localhost:3000.evil.example",
     "http://evil.example", "null"],
)  # fmt: skip
def test_other_origins_are_not_allowed_by_default(client, files, origin):
    for at in LOOPBACK:
        assert ALLOWED not in _post(client, at, origin, files).headers


def test_a_setting_names_the_origins_wherever_the_service_is_bound(make_client, monkeypatch, files):
    monkeypatch.setenv("HILUM_ALLOWED_ORIGINS", "https://page.example, http://localhost:5173")
    with make_client(**OPEN) as client:
        for at in (LOOPBACK[0], ELSEWHERE[0]):
            for origin in ("https://page.example", "http://localhost:5173"):
                assert _post(client, at, origin, files).headers[ALLOWED] == origin
            assert ALLOWED not in _post(client, at, LOCAL_PAGES[0], files).headers


def test_an_empty_setting_allows_none(monkeypatch):
    monkeypatch.setenv("HILUM_ALLOWED_ORIGINS", "")
    assert Settings().allowed_origins == ()


@pytest.mark.parametrize("value", ["page.example", "https://page.example/", "https://a/b"])
def test_what_no_browser_sends_as_an_origin_is_refused(monkeypatch, value):
    monkeypatch.setenv("HILUM_ALLOWED_ORIGINS", value)
    with pytest.raises(ValueError, match="is not an origin"):
        Settings()


def test_failures_can_be_read_by_the_other_page_as_well(client):
    answer = client.post(f"{LOOPBACK[0]}/predict", headers={"Origin": LOCAL_PAGES[0]})
    assert (answer.status_code, answer.headers[ALLOWED]) == (422, LOCAL_PAGES[0])
    assert "X-Request-ID" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("::ffff:127.0.0.1", True),
     ("localhost", True), ("0.0.0.0", False), ("::", False), ("10.0.0.1", False),
     ("fe80::1%eth0", False), ("localhost.example", False), ("/run/x.sock", False), ("", False)],
)  # fmt: skip
def test_loopback_is_told(host, expected):
    assert is_loopback(host) is expected


@pytest.mark.parametrize(("host", "allowed"), [("127.0.0.1", True), ("0.0.0.0", False)])
def test_a_service_that_others_reach_allows_none_to_this_machine_either(
    monkeypatch, files, models_dir, page_dir, host, allowed
):
    from fastapi.testclient import TestClient

    served = []
    monkeypatch.setenv("HILUM_MODELS_DIR", str(models_dir))
    monkeypatch.setenv("HILUM_PAGE_DIR", str(page_dir))
    monkeypatch.setenv("HILUM_ALLOW_UNAUTHENTICATED", "true")
    monkeypatch.setattr(uvicorn, "run", lambda app, **settings: served.append(app))
    assert CliRunner().invoke(command, ["serve", "--port", "0", "--host", host]).exit_code == 0
    with TestClient(served[0], base_url=LOOPBACK[0]) as client:
        assert (ALLOWED in _post(client, LOOPBACK[0], LOCAL_PAGES[0], files).headers) is allowed
