"""Carries out a Dockerfile's stages in bare Debian roots made by debootstrap."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath

from tests.container.context import Context
from tests.container.dockerfile import Instruction, Stage, settings_of

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""What a container engine sets where the Dockerfile sets none."""

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
_PASSED_ON = ("http_proxy", "https_proxy", "no_proxy", "PIP_INDEX_URL", "NPM_CONFIG_REGISTRY")
# What Debian's slim images leave out, of their packages and of those installed later.
_LEFT_OUT = ("doc", "info", "lintian", "locale", "man")


def bare_debian(suite: str, root: Path) -> None:
    """Make a root like the image ``debian:SUITE-slim`` from the mirror that apt uses here."""
    command = ["debootstrap", "--variant=minbase", suite, str(root), _mirror()]
    with (root.parent / "debootstrap.log").open("w", encoding="utf-8") as log:
        subprocess.run(command, check=True, stdout=log, stderr=log)
    for name in _LEFT_OUT:
        shutil.rmtree(root / "usr/share" / name, ignore_errors=True)
    for used in ("var/cache/apt", "var/lib/apt/lists", "var/log"):
        shutil.rmtree(root / used)
        (root / used).mkdir()
    excluded = "".join(f"path-exclude=/usr/share/{name}/*\n" for name in _LEFT_OUT)
    (root / "etc/dpkg/dpkg.cfg.d/slim").write_text(excluded, encoding="utf-8")
    (root / "etc/apt/apt.conf.d/slim").write_text(
        'APT::Keep-Downloaded-Packages "false";\nDir::Cache::pkgcache "";\n'
        'Dir::Cache::srcpkgcache "";\nAcquire::Languages "none";\n',
        encoding="utf-8",
    )


def build(stage: Stage, root: Path, built: dict[str, Path], context: Context) -> None:
    """Carry out one stage's instructions in a root that holds its base image.

    Parameters
    ----------
    stage : Stage
    root : Path
    built : dict of str to Path
        The roots of the stages before, by name, for ``COPY --from``.
    context : Context
    """
    environment = {"PATH": PATH}
    folder = PurePosixPath("/")
    for each in stage.instructions:
        if each.keyword == "RUN":
            _run(each.value, root, folder, environment)
        elif each.keyword == "COPY":
            _copy(each, root, folder, built, context)
        elif each.keyword == "ENV":
            environment |= settings_of(each.value)
        elif each.keyword == "WORKDIR":
            folder /= each.value
            _inside(root, folder).mkdir(parents=True, exist_ok=True)


def _mirror() -> str:
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Origin: Debian", "Label: Debian"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    if not targets:
        raise OSError("apt has no lists of Debian's packages here: run apt-get update")
    return targets[0]


def _run(command: str, root: Path, folder: PurePosixPath, environment: dict[str, str]) -> None:
    """Run a shell command in a root, with mounts that end with it."""
    passed_on = {
        name: value
        for name, value in os.environ.items()
        if name.lower() in map(str.lower, _PASSED_ON)
    }
    certificates = "/run/certificates.crt"
    trusted = ("SSL_CERT_FILE", "PIP_CERT", "NODE_EXTRA_CA_CERTS")
    inside = environment | passed_on | dict.fromkeys(trusted, certificates)
    settings = [f"{name}={value}" for name, value in inside.items()]
    script = f"""
        mount -t proc proc {root}/proc
        mount --rbind /dev {root}/dev
        mount -t tmpfs tmpfs {root}/run
        cp {CERTIFICATES} {root}{certificates}
        exec chroot {root} env --ignore-environment {shlex.join(settings)} \
            /bin/sh -c {shlex.quote(f"cd {folder} && {command}")}
    """
    isolated = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", script]
    ran = subprocess.run(
        isolated,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if ran.returncode:
        sys.exit(f"RUN {command}\n{ran.stdout[-5000:]}\nexit status {ran.returncode}")


def _copy(
    copied: Instruction,
    root: Path,
    folder: PurePosixPath,
    built: dict[str, Path],
    context: Context,
) -> None:
    *sources, destination = copied.value.split()
    target = _inside(root, folder / destination)
    for source in sources:
        if "from" in copied.options:
            subprocess.run(
                ["cp", "--archive", f"{_inside(built[copied.options['from']], source)}/.", target],
                check=True,
            )
            continue
        files = list(context.files(source))
        if not files:
            raise FileNotFoundError(
                f"COPY {copied.value}: .dockerignore leaves nothing of {source}"
            )
        for file, name in files:
            to = target / name
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, to)


def _inside(root: Path, path: PurePosixPath | str) -> Path:
    return root / str(path).lstrip("/")
