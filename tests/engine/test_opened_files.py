"""Files that bodies open are inputs, without being declared."""

from __future__ import annotations

import gc
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import dagbook as dg
from dagbook.engine.running import ExecutorName
from dagbook.engine.workspace import Workspace
from dagbook.execution.opened import recording_opens
from tests.engine.typed import define, states, words

# The bodies here leave their files open, as many a notebook does.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def beside(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the notebook, in which bodies run; what they left open is closed here."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    gc.collect()


READERS = {
    "open": "open('data.csv').read()",
    "pathlib": "Path('data.csv').read_text()",
    "pandas": "pd.read_csv('data.csv')",
    "numpy": "np.loadtxt('data.csv', delimiter=',', skiprows=1)",
    "os": "os.read(os.open('data.csv', os.O_RDONLY), 100)",
    "json": "json.load(open('data.json'))",
    "thread": "ThreadPoolExecutor().submit(Path('data.csv').read_text).result()",
    "async": "asyncio.run(asyncio.to_thread(Path('data.csv').read_text))",
    "sqlite": "sqlite3.connect('data.db').execute('select * from t').fetchall()",
    "helper": "helper()",
    "glob": "[open(one).read() for one in sorted(glob.glob('*.csv'))]",
    "path glob": "[one.read_text() for one in sorted(Path('.').glob('*.csv'))]",
}
HEAD = """
import asyncio, glob, json, os, sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import numpy as np
import pandas as pd

def helper():
    return open('data.csv').read()
"""


def write(folder: Path, value: int) -> None:
    """All the files that the readers read."""
    (folder / "data.csv").write_text(f"a,b\n{value},2\n")
    (folder / "data.json").write_text(f"[{value}]")
    with sqlite3.connect(folder / "data.db") as made:
        made.execute("create table if not exists t (a int)")
        made.execute("insert into t values (?)", (value,))
    made.close()


@pytest.mark.parametrize(
    ("reader", "executor"),
    [
        *((reader, "inline") for reader in READERS),
        *((r, e) for r in ("open", "pandas", "thread") for e in ("threads", "processes")),
    ],
)
def test_a_file_that_was_read_counts(
    workspace: Workspace, beside: Path, reader: str, executor: str
) -> None:
    """Fresh as long as the file is as it was; stale when it changes; restored when it is undone."""
    write(beside, 1)
    define(workspace, f"{HEAD}\n@asset\ndef a():\n    return {READERS[reader]}\n")
    assert workspace.materialize(executor=executor).success  # type: ignore[arg-type]
    assert states(workspace) == {"a": "fresh"}
    assert workspace.materialize().materialized == []
    write(beside, 3)
    assert workspace.status("a").state == "stale"
    assert workspace.status("a").why.startswith("file changed (data.")
    assert words(workspace.materialize().materialized) == ["a"]
    assert states(workspace) == {"a": "fresh"}


def test_an_undone_change_of_a_file_is_restored(workspace: Workspace, beside: Path) -> None:
    """The result for the old content counts again."""
    define(workspace, f"{HEAD}\n@asset\ndef a():\n    return helper()\n")
    for content in ("1", "2", "1"):
        (beside / "data.csv").write_text(content)
        result = workspace.materialize()
    assert (result.materialized, words(result.restored)) == ([], ["a"])
    assert workspace.value("a") == "1"


def test_an_undone_edit_that_read_another_file_is_restored(
    workspace: Workspace, beside: Path
) -> None:
    """Which files belong to which code is remembered."""
    (beside / "one.txt").write_text("1")
    (beside / "two.txt").write_text("2")
    for name in ("one", "two", "one"):
        define(workspace, f"@asset\ndef a():\n    return open('{name}.txt').read()\n")
        result = workspace.materialize()
    assert words(result.restored) == ["a"]
    (beside / "two.txt").write_text("other")
    assert states(workspace) == {"a": "fresh"}
    (beside / "one.txt").write_text("other")
    assert states(workspace) == {"a": "stale"}


def test_a_new_file_that_a_pattern_matches_counts(workspace: Workspace, beside: Path) -> None:
    """Also where the body lists a folder, and where a file was looked for in vain."""
    (beside / "in").mkdir()
    define(
        workspace,
        HEAD
        + """
@asset
def matched():
    return len(glob.glob('in/*.csv'))

@asset
def listed():
    return os.listdir('in')

@asset
def walked():
    return [str(one) for one in Path('in').iterdir()]

@asset
def sought():
    try:
        return open('in/new.csv').read()
    except FileNotFoundError:
        return None
""",
    )
    workspace.materialize()
    assert set(states(workspace).values()) == {"fresh"}
    (beside / "in" / "new.csv").write_text("1")
    assert set(states(workspace).values()) == {"stale"}


def test_what_is_no_input_does_not_count(
    workspace: Workspace, beside: Path, tmp_path: Path
) -> None:
    """Modules, installed data, and what the body wrote itself."""
    (beside / "mine.py").write_text("VALUE = 1\n")
    define(
        workspace,
        """
        @asset
        def a():
            import email.mime.text, pandas, sys
            sys.path.insert(0, ".")
            import mine
            with open("out.txt", "w") as file:
                file.write("1")
            return open("out.txt").read() + str(mine.VALUE)
        """,
    )
    workspace.materialize()
    record = workspace.status("a").materialization
    assert record is not None
    assert dict(record.others) == {}


def test_a_check_that_reads_a_file_is_asked_again(workspace: Workspace, beside: Path) -> None:
    """Its verdict belongs to what the file said."""
    (beside / "limit.txt").write_text("5")
    define(
        workspace,
        """
        @asset
        def a():
            return 3

        @asset_check(asset=a)
        def small(a):
            return a < int(open("limit.txt").read())
        """,
    )
    workspace.materialize()
    (check,) = workspace.check_statuses()
    assert workspace.check_statuses()[check].judgement == "passed"
    (beside / "limit.txt").write_text("2")
    assert workspace.check_statuses()[check].judgement == "missing"
    workspace.materialize()
    assert workspace.check_statuses()[check].judgement == "failed"


def test_a_touched_file_is_the_same(workspace: Workspace, beside: Path) -> None:
    """Content counts, not the time of writing."""
    (beside / "data.csv").write_text("1")
    define(workspace, "@asset\ndef a():\n    return open('data.csv').read()\n")
    workspace.materialize()
    os.utime(beside / "data.csv", ns=(1, 1))
    assert states(workspace) == {"a": "fresh"}


def test_a_file_that_changes_while_it_is_read_leaves_it_stale(
    workspace: Workspace, beside: Path
) -> None:
    """What was read may be neither the old nor the new content."""
    (beside / "data.csv").write_text("1")
    define(
        workspace,
        """
        @asset
        def a():
            found = open("data.csv").read()
            open("data.csv", "w").write("2")
            return found
        """,
    )
    workspace.materialize()
    assert states(workspace) == {"a": "stale"}


def test_two_assets_of_one_code_keep_their_files_apart(workspace: Workspace, beside: Path) -> None:
    """The same body on different inputs opens different files."""
    (beside / "x.txt").write_text("1")
    (beside / "y.txt").write_text("2")
    define(
        workspace,
        """
        @asset
        def x():
            return "x.txt"

        @asset
        def y():
            return "y.txt"

        def body(name):
            return open(name).read()

        of_x = asset(name="of_x", ins={"name": AssetIn("x")})(body)
        of_y = asset(name="of_y", ins={"name": AssetIn("y")})(body)
        """,
    )
    workspace.materialize()
    assert set(states(workspace).values()) == {"fresh"}
    (beside / "x.txt").write_text("other")
    assert (states(workspace)["of_x"], states(workspace)["of_y"]) == ("stale", "fresh")


def test_what_a_restarted_process_opens_is_known(tmp_path: Path) -> None:
    """The names are kept in the store."""
    (tmp_path / "data.csv").write_text("1")
    text = "@asset\ndef a():\n    return open('data.csv').read()\n"
    with Workspace(tmp_path, base=tmp_path) as first:
        define(first, text)
        first.materialize()
    (tmp_path / "data.csv").write_text("2")
    with Workspace(tmp_path, base=tmp_path) as second:
        define(second, text)
        assert states(second) == {"a": "stale"}


def test_a_look_at_the_world_is_no_read_of_a_step(workspace: Workspace, beside: Path) -> None:
    """The graph's widget looks in a thread of its own, while a step runs that reads nothing."""
    (beside / "data.csv").write_text("1")
    define(workspace, "@asset\ndef reader():\n    return open('data.csv').read()\n")
    workspace.materialize()
    os.utime(beside / "data.csv")
    with recording_opens() as recorder:
        looks = threading.Thread(target=workspace.observe)
        looks.start()
        looks.join()
    assert recorder.opened == ()


def test_a_passing_store_that_goes_within_a_step_is_not_read_by_it() -> None:
    """What `materialize` kept for a while is removed with its result, whoever runs just then."""

    @dg.asset
    def one() -> int:
        return 1

    kept = [dg.materialize([one])]
    with recording_opens() as recorder:
        kept.clear()
        gc.collect()
    assert [file.path for file in recorder.opened] == []


WRITES_AND_READS = """
from pathlib import Path
@asset
def table():
    return Path('data.csv').read_text()
@asset
def written(table):
    Path('out.txt').write_text(table)
    return 'out.txt'
@asset(deps=['written'], reads={reads})
def read():
    return open({path}).read()
"""


@pytest.mark.parametrize("executor", ["inline", "processes"])
@pytest.mark.parametrize(("reads", "path"), [("[]", "'out.txt'"), ("['out.*']", "'out' + '.txt'")])
def test_a_file_that_the_run_itself_wrote_is_looked_at_again(
    workspace: Workspace, beside: Path, reads: str, path: str, executor: ExecutorName
) -> None:
    """The writer gives the same name as before, and yet its reader has to run."""
    write(beside, 1)
    define(workspace, WRITES_AND_READS.format(reads=reads, path=path))
    workspace.materialize()
    write(beside, 7)
    done = workspace.materialize("read", executor=executor)
    assert words(done.materialized) == ["table", "written", "read"]
    assert "7" in workspace.value("read")
    assert set(states(workspace).values()) == {"fresh"}
