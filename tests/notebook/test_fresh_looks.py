"""What a body asks about files without opening them: times, modes, links, entries of folders."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.notebook.shells import Notebook

HEAD = "import os\nfrom pathlib import Path\nfolder = 'fol' + 'der'\nname = os.path.join(folder, 'a' + '.txt')"


def touch(seconds: int = 2) -> None:
    """Give the file another time, and nothing else."""
    os.utime("folder/a.txt", (seconds, seconds))


def written() -> None:
    """Write something longer."""
    Path("folder/a.txt").write_text("longer")


def made() -> None:
    """Make another file."""
    Path("folder/b.txt").write_text("b")


def linked() -> None:
    """Have the link lead elsewhere."""
    Path("folder/link").unlink()
    Path("folder/link").symlink_to("elsewhere")


@pytest.fixture(autouse=True)
def files(notebook: Notebook) -> None:
    """A folder with a file of a known time, and a link to it."""
    Path("folder").mkdir()
    Path("folder/a.txt").write_text("a")
    Path("folder/link").symlink_to("a.txt")
    touch(1)
    notebook(HEAD)


@pytest.mark.parametrize(
    ("body", "change"),
    [
        ("os.stat(name).st_mtime", touch),
        ("Path(name).stat().st_mtime", touch),
        ("os.path.getmtime(name)", touch),
        ("os.lstat(name).st_mode", lambda: Path("folder/a.txt").chmod(0o600)),
        ("os.stat(name).st_size", written),
        ("[one.stat().st_size for one in os.scandir(folder) if one.is_file()]", written),
        ("[one.stat().st_mtime for one in os.scandir(folder)]", touch),
        ("os.readlink(os.path.join(folder, 'link'))", linked),
        ("Path(folder, 'link').resolve().name", linked),
        ("os.path.lexists(os.path.join(folder, 'b.txt'))", made),
        ("os.access(os.path.join(folder, 'b.txt'), os.R_OK)", made),
    ],
)
def test_what_a_body_asks_about_a_file_counts(
    notebook: Notebook, body: str, change: Callable[[], None]
) -> None:
    """Though it is not opened."""
    notebook(f"%%asset result\n{body}", cell="result")
    assert notebook.state("result") == "fresh"
    change()
    assert notebook.state("result") == "stale"
    notebook("%materialize result")
    assert notebook.state("result") == "fresh"


@pytest.mark.parametrize(
    "body",
    [
        "os.path.getsize(name)",
        "os.stat(name).st_size",
        "os.path.exists(name)",
        "sorted(os.listdir(folder))",
        "[one.name for one in os.scandir(folder)]",
    ],
)
def test_another_time_counts_only_for_who_asks_for_times(notebook: Notebook, body: str) -> None:
    """A size is that of the content."""
    notebook(f"%%asset result\n{body}", cell="result")
    touch()
    assert notebook.state("result") == "fresh"


def test_what_a_body_has_written_itself_is_its_own(notebook: Notebook) -> None:
    """Its time is that of the run."""
    body = "Path('own.txt').write_text('1')\nos.stat('own.txt').st_mtime > 0"
    notebook(f"%%asset result\n{body}", cell="result")
    os.utime("own.txt", (3, 3))
    assert notebook.state("result") == "fresh"
