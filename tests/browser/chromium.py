"""Finds the Chromium that the browser tests drive, and installs one where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# libatomic1: Playwright's own Node needs it, and the smallest Debian lacks it.
PACKAGES = ("chromium", "fonts-dejavu", "libatomic1")
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def of_the_system() -> str | None:
    """The path of a Chromium of this machine that starts, or None."""
    for name in NAMES:
        path = shutil.which(name)
        # Ubuntu's `chromium-browser` may be a stub that only asks for a snap.
        if path is not None and _run(path, "--version") == 0:
            return path
    return None


def of_playwright() -> str | None:
    """The path of the Chromium that Playwright brought, or None."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def is_ready() -> bool:
    """Whether Playwright itself runs here and has a Chromium to drive."""
    runs = _run(sys.executable, "-m", "playwright", "--version") == 0
    return runs and (of_the_system() or of_playwright()) is not None


def install() -> None:
    """Install Chromium: by apt as root, else, or where that brings none that starts, by Playwright."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium by apt", flush=True)
        _run("apt-get", "update", "-qq")
        _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES)
        if of_the_system():
            return
    print("Installing Chromium by Playwright", flush=True)
    options = ["--with-deps"] if os.geteuid() == 0 else []
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", *options, "chromium"], check=True
    )


def _run(*command: str) -> int:
    quiet = subprocess.DEVNULL
    return subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet).returncode


if __name__ == "__main__":
    if not is_ready():
        install()
