"""Starts a built root as its Dockerfile says, with the limits of compose.yaml, and checks it.

Run in mount, network and process namespaces of its own, which end with it (`tests.container`):
the root is read-only, there is no network but loopback, and all capabilities are dropped.
"""

import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
from starlette.testclient import TestClient

from hilum.api import Settings, create_app
from hilum.imaging.phantom import draw_phantom
from hilum.imaging.phantom_files import as_file
from tests.container.dockerfile import Container, container_of, read_dockerfile

URL = "http://127.0.0.1:8000"
COMPILERS = {"as", "c++", "cc", "clang", "cpp", "g++", "gcc", "ld", "make", "rustc"}
INSTALLERS = {"node", "npm", "pip"}
START_SECONDS = 60
TOKEN = "a token of the container's check"


def main(dockerfile: Path, root: Path) -> None:
    """Serve from a root and check what a person who runs the image relies on."""
    container = container_of(read_dockerfile(dockerfile)[-1])
    found = _programs(root) & (COMPILERS | INSTALLERS)
    _expect(f"no compiler, Node or pip in the image {sorted(found) or ''}".rstrip(), not found)
    _bring_loopback_up()
    with tempfile.TemporaryDirectory() as volume:
        _mount(root, container, Path(volume))
        with _serving(root, container) as service:
            _wait_until_healthy(root, container)
            _check_process(service, int(container.user.split(":")[0]))
            _check_answers()
            _expect("the store is in the volume", any(Path(volume).iterdir()))
            service.send_signal(signal.SIGTERM)
            _expect("SIGTERM ends it", service.wait(timeout=40) in {0, -signal.SIGTERM})


def _check_process(service: subprocess.Popen[bytes], user_id: int) -> None:
    lines = Path(f"/proc/{service.pid}/status").read_text(encoding="utf-8").splitlines()
    status = {name: value.split() for name, value in (line.split(":", 1) for line in lines)}
    _expect(f"runs as user {user_id}", user_id > 0 and set(status["Uid"]) == {str(user_id)})
    _expect("holds no capability", int(status["CapEff"][0], 16) == 0)
    _expect("can gain no privilege", status["NoNewPrivs"] == ["1"])
    try:
        Path(f"/proc/{service.pid}/root/opt/hilum/written").touch()
    except OSError as exc:
        _expect("the root file system is read-only", exc.strerror == "Read-only file system")
    else:
        _expect("the root file system is read-only", False)


def _check_answers() -> None:
    film = {"file": ("film.jpg", as_file(draw_phantom(1400, 1800, opacity="right_lower"), ".jpg"))}
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    with (
        TestClient(create_app(Settings()), base_url=URL) as here,
        httpx2.Client(base_url=URL, headers=bearer) as there,
    ):
        ready = there.get("/health/ready")
        _expect("/health/ready answers 200", ready.status_code == 200)
        without = httpx2.get(f"{URL}/models").status_code
        _expect("the API needs the token", without == 401)
        _expect("the page is served", '<div id="root">' in there.get("/").text)
        expected, reading = (_ok(client.post("/predict", files=film)) for client in (here, there))
        _expect(
            f"reads a phantom as this checkout does ({reading['decision']})",
            reading["model"] == expected["model"]
            and reading["decision"] == expected["decision"]
            and abs(float(reading["prediction"]) - float(expected["prediction"])) < 0.1,
        )
        kept = _ok(there.post("/readings", files=film))
        listed = _ok(there.get("/readings"))["readings"]
        _expect("keeps a reading in its store", [each["id"] for each in listed] == [kept["id"]])


def _ok(answer: Any) -> Any:
    answer.raise_for_status()
    return answer.json()


def _programs(root: Path) -> set[str]:
    folders = [path for path in root.glob("**/*bin") if path.is_dir() and not path.is_symlink()]
    modules = root.glob("**/site-packages/**/pip")
    return {path.name for folder in folders for path in folder.iterdir()} | {
        module.name for module in modules
    }


def _bring_loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        up = 0x1  # IFF_UP, set by SIOCSIFFLAGS (netdevice(7))
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh", b"lo", up))


def _mount(root: Path, container: Container, volume: Path) -> None:
    user, group = map(int, container.user.split(":"))
    os.chown(volume, user, group)
    inside = [root / each.lstrip("/") for each in container.volumes]
    for arguments in (
        ["--bind", root, root],
        ["-o", "remount,bind,ro", root],
        ["-t", "proc", "proc", root / "proc"],
        ["-t", "sysfs", "-o", "ro", "sysfs", root / "sys"],
        ["--rbind", "/dev", root / "dev"],
        ["-t", "tmpfs", "-o", "size=1g,mode=1777,noexec,nosuid,nodev", "tmpfs", root / "tmp"],
        *(["--bind", volume, each] for each in inside),
    ):
        subprocess.run(["mount", *map(str, arguments)], check=True)


def _as_user(root: Path, container: Container, command: list[str]) -> list[str]:
    """Prefix a command of the container: its user, its folder, no capability, nothing to gain."""
    return [
        *("setpriv", "--no-new-privs", "--inh-caps=-all"),
        "--bounding-set=-all,+sys_chroot,+setuid,+setgid",
        *("chroot", f"--userspec={container.user}", "--groups=", str(root)),
        *("env", "--ignore-environment", f"--chdir={container.folder}"),
        *(f"{name}={value}" for name, value in container.environment.items()),
        *command,
    ]


@contextmanager
def _serving(root: Path, container: Container) -> Iterator[subprocess.Popen[bytes]]:
    command = _as_user(root, container, ["env", f"HILUM_TOKEN={TOKEN}", *container.command])
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as service:
        try:
            yield service
        finally:
            service.kill()


def _wait_until_healthy(root: Path, container: Container) -> None:
    check = _as_user(root, container, container.health)
    started = time.monotonic()
    while subprocess.run(check, check=False, capture_output=True).returncode:
        if time.monotonic() - started > START_SECONDS:
            _expect(f"HEALTHCHECK passes: {httpx2.get(f'{URL}/health/ready').text}", False)
        time.sleep(0.5)
    _expect(f"HEALTHCHECK passes {time.monotonic() - started:.1f} s after the start", True)


def _expect(what: str, holds: bool) -> None:
    sys.stdout.write(f"{'ok    ' if holds else 'FAILED'} {what}\n")
    sys.stdout.flush()
    if not holds:
        sys.exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
