"""What a body asks about files without opening them: times, modes, links, entries of folders."""

from __future__ import annotations

import importlib
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
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


def touch_again() -> None:
    """Have the file be changed another time, and nothing else."""
    time.sleep(0.05)
    touch(1)


def made_tool() -> None:
    """Make a program."""
    Path("folder/tool").write_text("#!")
    Path("folder/tool").chmod(0o755)


def linked_to_another() -> None:
    """Have the link lead to another file."""
    made()
    Path("folder/link").unlink()
    Path("folder/link").symlink_to("b.txt")


# What is asked of a folder that is open by a number.
BY_NUMBER = "at = os.open(folder, os.O_RDONLY)\nvalue = {}\nos.close(at)\nvalue"


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
        ("os.path.getctime(name)", touch_again),
        ("os.stat(name).st_ctime_ns", touch_again),
        ("Path(name).stat().st_nlink", lambda: os.link("folder/a.txt", "c.txt")),
        ("tuple(os.stat(name))[9]", touch),
        ("os.path.samefile(os.path.join(folder, 'link'), name)", linked_to_another),
        ("import shutil\nshutil.which('tool', path=folder)", made_tool),
        (BY_NUMBER.format("os.read(os.open('a.txt', os.O_RDONLY, dir_fd=at), 9)"), written),
        (BY_NUMBER.format("os.stat('a.txt', dir_fd=at).st_size"), written),
        (BY_NUMBER.format("sorted(os.listdir(at))"), made),
        ("[name for *_, names, _ in os.fwalk(folder) for name in names]", made),
        ("with open(name) as file:\n    value = os.fstat(file.fileno()).st_mtime\nvalue", touch),
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


def test_a_program_that_is_looked_for_on_the_path_rests_on_the_path(notebook: Notebook) -> None:
    """Another folder may be the first of it."""
    made_tool()
    notebook("%%asset result\nimport shutil\nbool(shutil.which('tool'))", cell="result")
    assert notebook.state("result") == "fresh"
    notebook("before = os.environ['PATH']; os.environ['PATH'] += ':' + os.path.abspath(folder)")
    assert notebook.state("result") == "stale"
    notebook("os.environ['PATH'] = before")
    assert notebook.state("result") == "fresh"


def test_a_module_that_can_be_found_since_counts(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A body has only asked for it."""
    monkeypatch.syspath_prepend(str(Path("folder").resolve()))
    notebook("from importlib.util import find_spec")
    notebook("%%asset result\nbool(find_spec('tool_of_a_test'))", cell="result")
    assert notebook.state("result") == "fresh"
    Path("folder/tool_of_a_test.py").write_text("")
    importlib.invalidate_caches()
    assert notebook.state("result") == "stale"


def test_a_file_that_a_cell_has_opened_counts(notebook: Notebook) -> None:
    """The body reads on in it."""
    notebook("opened = open(name)")
    notebook("%%asset result\nopened.seek(0)\nopened.read()", cell="result")
    assert notebook.state("result") == "fresh"
    written()
    assert notebook.state("result") == "stale"
    notebook("opened.close()")


def test_a_database_that_a_cell_has_connected_to_counts(notebook: Notebook) -> None:
    """The body itself opens no file."""
    notebook("import sqlite3\nmade = sqlite3.connect('a.db')")
    notebook("_ = made.executescript('create table t (a); insert into t values (1)')")
    notebook("%%asset result\nmade.execute('select * from t').fetchall()", cell="result")
    assert notebook.state("result") == "fresh"
    with closing(sqlite3.connect("a.db")) as other:
        other.executescript("insert into t values (2)")
    assert notebook.state("result") == "stale"
    notebook("made.close()")


@pytest.mark.parametrize(
    "body",
    [
        "import shutil\nos.makedirs('own/a')\nshutil.rmtree('own')",
        "import tempfile\nwith tempfile.TemporaryDirectory(dir='.') as own:\n    Path(own, 'a').touch()",
    ],
)
def test_a_folder_that_a_body_makes_and_takes_away_is_its_own(
    notebook: Notebook, body: str
) -> None:
    """It is opened for that by a number."""
    notebook(f"%%asset result\n{body}\n1", cell="result")
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
