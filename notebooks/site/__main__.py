"""`python -m notebooks.site`: builds the site from the notebooks, and fails on what is broken in it."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from notebooks.site.checking import faults_of
from notebooks.site.running import FailedCells, run_notebooks
from notebooks.site.sources import write_sources

HERE = Path(__file__).parent
NOTEBOOKS = HERE.parent
ROOT = NOTEBOOKS.parent
# Beside the notebooks, what is no part of the site's pages.
_LEFT_OUT = ("site", ".dagbook", ".ipynb_checkpoints", "_*", ".*")


def build(notebooks: Path, out: Path, *, saved: bool) -> list[str]:
    """Build the site into `out`/html; gives what is wrong with it, a line each.

    `notebooks`: the folder of the notebooks; `saved`: their outputs are taken as they stand in the
    files, else each is run first. Raises FailedCells where a cell raises.
    """
    sources, copied, site = out / "pages", out / "notebooks", out / "html"
    for folder in (sources, copied, site):
        shutil.rmtree(folder, ignore_errors=True)
    # What runs may write beside itself: a copy does.
    shutil.copytree(notebooks, copied, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    books = sorted(copied.glob("*.ipynb"))
    if not saved:
        run_notebooks(books)
    shutil.copytree(notebooks, sources, ignore=shutil.ignore_patterns(*_LEFT_OUT, "*.ipynb"))
    shutil.copytree(HERE / "_static", sources / "_static")
    write_sources(sources, books, ROOT)
    return [*made(sources, site, out / "doctrees"), *faults_of(site)]


def made(sources: Path, site: Path, kept: Path) -> list[str]:
    """Have Sphinx make a site of the pages; what it warned of, a line each."""
    options = ["-q", "-W", "--keep-going", "-j", "auto", "-c", str(HERE), "-d", str(kept)]
    ran = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, "-b", "html", str(sources), str(site)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    warned = [line for line in ran.stderr.splitlines() if line.strip()]
    return warned or (["Sphinx failed and does not say why."] if ran.returncode else [])


def main() -> int:
    """The command; its exit code is 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m notebooks.site", description=__doc__)
    parser.add_argument(
        "-o", dest="out", type=Path, default=ROOT / "build" / "site", help="the folder to build in"
    )
    parser.add_argument(
        "--saved", action="store_true", help="show the saved outputs, do not run the notebooks"
    )
    arguments = parser.parse_args()
    try:
        faults = build(NOTEBOOKS, arguments.out, saved=arguments.saved)
    except FailedCells as error:
        faults = [str(error)]
    for fault in faults:
        print(fault, file=sys.stderr)
    if not faults:
        print(f"The site is built: {arguments.out / 'html' / 'index.html'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
