"""A fresh environment into which dagbook's wheel was installed, for tests of what a user gets."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.architecture.tree import ROOT

# What of this environment's Jupyter a fresh one needs; where extensions lie, dagbook's is its own.
_SHARED = ("etc/jupyter", "share/jupyter/lab", "share/jupyter/kernels", "share/jupyter/nbconvert")
_EXTENSIONS = "share/jupyter/labextensions"


def python_with_wheel(folder: Path) -> Path:
    """The Python of an environment under `folder` that has the wheel; made once, also by workers.

    Its other packages are those of this environment, which takes seconds instead of minutes; this
    environment's own dagbook is not among them.
    """
    python = folder / "bin" / "python"
    with _locked(folder.with_suffix(".lock")):
        if not (folder / "ready").exists():
            _run(sys.executable, "-m", "venv", "--without-pip", folder)
            _share_packages(folder)
            _run(*_pip(python), "install", "--quiet", "--no-deps", _wheel(folder / "wheel"))
            (folder / "ready").touch()
    return python


def _wheel(folder: Path) -> Path:
    _run(
        *(sys.executable, "-m", "build", "--wheel", "--no-isolation"),
        *("--outdir", folder, ROOT),
    )
    (wheel,) = folder.glob("dagbook-*.whl")
    return wheel


def _share_packages(folder: Path) -> None:
    """Let the environment see this one's packages, but for what `.pth` files add: an editable dagbook."""
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "shared.pth").write_text(sysconfig.get_path("purelib") + "\n")
    here = Path(sys.prefix)
    for name in _SHARED:
        _link(here / name, folder / name)
    for extension in (here / _EXTENSIONS).iterdir():
        if extension.name != "dagbook":
            _link(extension, folder / _EXTENSIONS / extension.name)


def _link(source: Path, place: Path) -> None:
    if source.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(source)


def _pip(python: Path) -> tuple[object, ...]:
    return sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check"


def _run(*command: object) -> None:
    ran = subprocess.run(
        list(map(str, command)), cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    if ran.returncode != 0:
        raise RuntimeError(f"{command} failed:\n{ran.stdout[-3000:]}\n{ran.stderr[-3000:]}")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
