"""Who is served: by host, by origin of the page, by credential; and what `hilum serve` refuses."""

import pytest
import uvicorn
from starlette.requests import HTTPConnection
from typer.testing import CliRunner

from hilum.api import Settings
from hilum.api.access.policy import SESSION_COOKIE, SESSION_SECONDS, AccessPolicy
from hilum.api.problems import ProblemError
from hilum.cli.commands import app as command
from tests.api.conftest import LOCAL

TOKEN = "a token of 24 characters"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
OPEN_PATHS = {"/session", "/health/live", "/health/ready"}


def _slug(answer):
    return answer.json()["type"].rpartition("/")[2]


def _policy(**settings):
    return AccessPolicy.of(Settings(**settings), settings.get("allowed_origins"))


def _request(method="GET", server=("127.0.0.1", 8000), **headers):
    raw = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    return HTTPConnection({"type": "http", "method": method, "server": server, "headers": raw})


def _refused(policy, request):
    try:
        policy.check(request)
    except ProblemError as exc:
        return exc.kind.slug
    return None


@pytest.mark.parametrize(
    ("host", "is_served"),
    [("127.0.0.1:8000", True), ("localhost", True), ("LOCALHOST:8000", True), ("[::1]:8000", True),
     ("192.168.1.7", True), ("a.localhost:8000", True), ("evil.example", False),
     ("localhost.evil.example", False), ("127.0.0.1.evil.example", False), ("evil.com:80", False),
     ("pacs.hospital.example", False), ("localhost.", True), ("localhost.:8000", True),
     ("localhost:", True), ("evil.example.", False)],
)  # fmt: skip
def test_a_request_for_another_host_is_refused(host, is_served):
    assert _refused(_policy(), _request(host=host)) == (None if is_served else "misdirected")


@pytest.mark.parametrize(
    "host",
    ["", " ", ".", "::1", ":8000", "[::1", "[]", "[::1].evil.example", "[::1]evil",
     "[::1]:80.evil.example", "x[::1]", "[localhost]", "[evil.example]", "[::1%evil.example]",
     "127.0.0.1%evil.example", "evil.example@localhost", "localhost@evil", "localhost/evil",
     "localhost?evil", "localhost#evil", "local\thost", "localhost evil", "localhost,evil.example",
     "localhost:80:evil", "localhost:evil", "localhost:800000", "localhost\n",
     "localhost:80\u0662"],
)  # fmt: skip
@pytest.mark.parametrize("hosts", ["localhost", "*"])
def test_a_host_that_cannot_be_one_is_refused(host, hosts):
    assert _refused(_policy(allowed_hosts=hosts), _request(host=host)) == "malformed-request"


@pytest.mark.parametrize("hosts", [("localhost", "evil.example"), ("localhost", "localhost")])
def test_a_request_with_two_hosts_is_refused(client, hosts):
    answer = client.get("/models", headers=[("Host", host) for host in hosts])
    assert (answer.status_code, _slug(answer)) == (400, "malformed-request")


@pytest.mark.parametrize(("version", "slug"), [("1.1", "malformed-request"), ("1.0", None)])
def test_a_request_of_http_1_1_names_a_host(version, slug):
    request = _request()
    request.scope["http_version"] = version
    assert _refused(_policy(), request) == slug


@pytest.mark.parametrize(
    ("settings", "host", "is_served"),
    [({"allowed_hosts": "pacs.example"}, "pacs.example:8000", True),
     ({"allowed_hosts": "pacs.example"}, "x.pacs.example", False),
     ({"allowed_hosts": "*.example, b"}, "x.y.example", True),
     ({"allowed_hosts": "*.example"}, "example", False),
     ({"allowed_hosts": "*.example"}, "evilexample", False),
     ({"allowed_hosts": "*"}, "anything.example", True),
     ({"public_url": "https://Hilum.Example.org/x/"}, "hilum.example.org", True)],
)  # fmt: skip
def test_settings_name_the_hosts(settings, host, is_served):
    assert (_refused(_policy(**settings), _request(host=host)) is None) is is_served


def test_the_machine_answers_to_its_own_name(monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "Reading-Room-3")
    assert _refused(_policy(), _request(host="reading-room-3:8000")) is None


HERE = {"host": "localhost:8000"}


@pytest.mark.parametrize(
    ("headers", "is_served"),
    [({}, True),
     ({"sec_fetch_site": "same-origin", "origin": "http://localhost:8000"}, True),
     ({"sec_fetch_site": "none"}, True),
     ({"sec_fetch_site": "none", "origin": "https://evil.example"}, False),
     ({"sec_fetch_site": "none", "origin": "null"}, False),
     ({"sec_fetch_site": "none", "origin": "http://localhost:8000"}, True),
     ({"sec_fetch_site": "cross-site"}, False),
     ({"sec_fetch_site": "same-site", "origin": "http://localhost:9000"}, False),
     ({"sec_fetch_site": "same-site", "origin": "http://localhost:3000"}, True),
     ({"sec_fetch_site": "cross-site", "origin": "http://localhost:8000"}, False),
     ({"origin": "http://localhost:8000"}, True),
     ({"origin": "https://evil.example"}, False),
     ({"origin": "http://localhost:8000.evil.example"}, False),
     ({"origin": "null"}, False),
     ({"origin": ""}, False)],
)  # fmt: skip
@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
def test_pages_of_other_origins_change_nothing(method, headers, is_served):
    found = _refused(_policy(), _request(method, **HERE, **headers))
    assert found == (None if is_served else "foreign-origin")
    assert _refused(_policy(), _request("GET", **HERE, **headers)) is None


def test_the_page_behind_a_proxy_is_the_services_own():
    policy = _policy(public_url="https://hilum.example.org")
    sent = {"host": "10.0.0.3:8000", "origin": "https://hilum.example.org"}
    assert _refused(policy, _request("POST", **sent)) is None
    assert _refused(_policy(), _request("POST", **sent)) == "foreign-origin"


@pytest.mark.parametrize(
    ("server", "is_local"),
    [(("127.0.0.1", 8000), True), (("::1", 8000), True), (("/run/hilum.sock", None), True),
     (("10.0.0.3", 8000), False), (("::", 8000), False), (None, False)],
)  # fmt: skip
def test_without_a_credential_only_this_machine_is_served(server, is_local):
    request = _request(server=server, host="10.0.0.3")
    assert _refused(_policy(), request) == (None if is_local else "no-credential-set")
    assert _refused(_policy(token=TOKEN), request) is None
    assert _refused(_policy(allow_unauthenticated=True), request) is None


def test_a_service_that_others_reach_without_a_token_says_what_to_set(make_client):
    with make_client() as client:
        for path in ("/", "/health/live", "/models"):
            answer = client.get(f"http://10.0.0.3:8000{path}")
            assert (answer.status_code, _slug(answer)) == (503, "no-credential-set")
            assert "HILUM_TOKEN" in answer.json()["detail"]
            assert answer.headers["x-request-id"]


@pytest.fixture(scope="module")
def locked(make_client):
    with make_client(token=TOKEN) as client:
        yield client


def test_every_address_of_the_api_needs_the_token(locked):
    paths = locked.get("/openapi.json").json()["paths"]
    assert len(paths) > 20
    for path, operations in paths.items():
        for method, operation in operations.items():
            address = path.replace("{", "").replace("}", "")
            answer = locked.request(method, address)
            if path in OPEN_PATHS:
                assert answer.status_code != 401 or method == "post", path
                assert "security" not in operation, path
            else:
                assert (answer.status_code, _slug(answer)) == (401, "unauthenticated"), path
                assert answer.headers["www-authenticate"].startswith("Bearer")
                assert operation["security"] == [{"token": []}, {"session": []}, {}], path
                assert locked.request(method, address, headers=BEARER).status_code != 401, path


@pytest.mark.parametrize(
    "value", ["", TOKEN, f"Basic {TOKEN}", "Bearer", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}",
              "Bearer \xff\xfe"],
)  # fmt: skip
def test_other_credentials_are_refused(locked, value):
    answer = locked.get("/models", headers={"Authorization": value.encode("latin-1")})
    assert answer.status_code == 401
    assert TOKEN not in answer.text


def test_the_page_itself_needs_no_token(locked):
    assert locked.get("/", headers={"Accept": "text/html"}).status_code == 200
    assert locked.get("/assets/index-abc.js").status_code == 200


def test_the_page_signs_in_and_out(make_client):
    with make_client(token=TOKEN) as client:
        assert client.get("/session").json() == {"is_required": True, "is_signed_in": False}
        assert client.post("/session", json={"token": "a guess"}).status_code == 401
        answer = client.post("/session", json={"token": TOKEN})
        assert answer.status_code == 204
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert TOKEN not in answer.headers["set-cookie"]
        assert client.get("/session").json() == {"is_required": True, "is_signed_in": True}
        assert client.get("/models").status_code == 200
        client.delete("/session")
        assert client.get("/models").status_code == 401


def test_a_session_ends_after_twelve_hours_and_with_its_token(monkeypatch):
    policy = _policy(token=TOKEN)
    cookie = policy.new_session()
    assert policy.is_session(cookie)
    assert not _policy(token=f"{TOKEN} anew").is_session(cookie)
    assert not policy.is_session(f"x{cookie}")
    assert not policy.is_session("")
    import time

    later = time.time() + SESSION_SECONDS + 2
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert not policy.is_session(cookie)


def test_the_cookie_is_sent_over_tls_alone_where_the_page_is(make_client):
    with make_client(token=TOKEN) as client:
        at = LOCAL.replace("http:", "https:")
        answer = client.post(f"{at}/session", json={"token": TOKEN})
        assert "secure" in answer.headers["set-cookie"].lower()
        assert SESSION_COOKIE in answer.headers["set-cookie"]


def test_without_a_token_nobody_signs_in(client):
    assert client.get("/session").json() == {"is_required": False, "is_signed_in": True}
    answer = client.post("/session", json={"token": "whatever"})
    assert (answer.status_code, "set-cookie" in answer.headers) == (204, False)


def test_a_foreign_page_neither_reads_nor_deletes(client, files):
    foreign = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    for method, path in (("POST", "/readings"), ("DELETE", "/readings/x"), ("POST", "/predict")):
        sent = {"files": {"file": ("x", files["png"])}} if method == "POST" else {}
        answer = client.request(method, path, headers=foreign, **sent)
        assert (answer.status_code, _slug(answer)) == (403, "foreign-origin")
    answer = client.get("/readings", headers={"Host": "evil.example"})
    assert (answer.status_code, _slug(answer)) == (421, "misdirected")


def test_answers_stay_out_of_caches_and_other_pages(client, files):
    sent = {"file": ("x", files["png"])}
    answers = [client.get("/readings"), client.post("/predict", files=sent), client.get("/none")]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "immutable" in client.get("/assets/index-abc.js").headers["cache-control"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [({"HILUM_TOKEN": "too short"}, "under 16 characters"),
     ({"HILUM_TOKEN": TOKEN, "HILUM_TOKEN_FILE": "x"}, "not both"),
     ({"HILUM_TOKEN_FILE": "/nowhere/token"}, "cannot be read"),
     ({"HILUM_TLS_KEY": "key.pem"}, "TLS needs both"),
     ({"HILUM_PUBLIC_URL": "hilum.example"}, "is not an address"),
     ({"HILUM_DICOM_PORT": "0", "HILUM_DICOM_HOST": "0.0.0.0"}, "HILUM_DICOM_CALLERS")],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused(monkeypatch, settings, words):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=words) as raised:
        Settings()
    assert TOKEN not in str(raised.value)


def test_the_token_is_read_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    monkeypatch.setenv("HILUM_TOKEN_FILE", str(tmp_path / "token"))
    settings = Settings()
    assert settings.secret == TOKEN
    assert TOKEN not in repr(settings)


@pytest.mark.parametrize(
    "more", [{"dicom_callers": ("PACS",)}, {"dicom_tls_authority": "ca.pem"},
             {"allow_unauthenticated": True}, {"dicom_host": "127.0.0.1"}],
)  # fmt: skip
def test_the_dicom_port_is_open_to_others_only_where_callers_are_known(more):
    assert Settings(**{"dicom_port": 0, "dicom_host": "0.0.0.0"} | more).dicom_port == 0


@pytest.mark.parametrize(
    ("host", "environment", "starts"),
    [("127.0.0.1", {}, True), ("0.0.0.0", {}, False), ("hilum.example", {}, False),
     ("0.0.0.0", {"HILUM_TOKEN": TOKEN}, True),
     ("0.0.0.0", {"HILUM_ALLOW_UNAUTHENTICATED": "true"}, True)],
)  # fmt: skip
def test_serving_others_needs_a_token(monkeypatch, host, environment, starts):
    served = []
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(uvicorn, "run", lambda app, **settings: served.append(settings))
    answer = CliRunner().invoke(command, ["serve", "--port", "0", "--host", host])
    assert (answer.exit_code, bool(served)) == ((0, True) if starts else (1, False))
    if served:
        assert served[0]["proxy_headers"] is False


def test_links_name_the_public_address(make_client, tmp_path):
    from tests.pacs.films import as_file, film

    body = b"--b\r\nContent-Type: application/dicom\r\n\r\n" + as_file(film(0)) + b"\r\n--b--"
    kind = 'multipart/related; type="application/dicom"; boundary=b'
    settings = {"store": tmp_path, "public_url": "https://hilum.example.org/"}
    with make_client(**settings) as client:
        answer = client.post("/dicomweb/studies", content=body, headers={"Content-Type": kind})
    link = answer.json()["00081199"]["Value"][0]["00081190"]["Value"][0]
    assert link.startswith("https://hilum.example.org/dicomweb/studies/")
