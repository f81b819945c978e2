"""Names in ordinary cells that stand for kept values."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from IPython.core.completer import provisionalcompleter

from tests.notebook.shells import Notebook

OPEN = Path("/proc/self/fd")
COUNT = "%%asset count\n[1] * size"


@pytest.mark.parametrize(
    "text",
    [
        "len(count)",
        "[len(count) for _ in 'a'][0]",
        "(lambda: len(count))()",
        "class Holder:\n    size = len(count)\nHolder.size",
        "int(f'{len(count)}')",
        "eval('len(count)')",
        "%time len(count)",
        "x = count\nlen(x)",
        "measured()",
        "Measure().take()",
        "try:\n    found = len(count)\nexcept NameError:\n    found = None\nfound",
    ],
)
def test_a_name_gives_the_newest_value_wherever_it_stands(notebook: Notebook, text: str) -> None:
    """In code, text that is evaluated, functions and classes: after each run the new value."""
    notebook("size = 1\ndef measured(): return len(count)")
    notebook("class Measure:\n    def take(self): return measured()")
    notebook(COUNT)
    assert notebook(text).value == 1
    notebook("size = 3")
    assert notebook(f"%materialize count\n{text}").value == 3
    assert notebook(text).value == 3


def test_a_name_that_is_made_in_this_cell_can_be_read_in_it(notebook: Notebook) -> None:
    """A value that was missing when the cell began is there after its `%materialize`."""
    notebook("%%asset late --lazy\n7")
    assert notebook("%materialize late\nlate").value == 7


def test_an_undone_edit_brings_the_earlier_value_back(notebook: Notebook) -> None:
    """What counts as fresh is what the name gives, also before anything has run."""
    notebook("size = 1")
    notebook(COUNT)
    notebook("size = 2\n%materialize count")
    notebook("size = 1")
    assert notebook("len(count)").value == 1


def test_values_are_never_put_into_the_namespace(notebook: Notebook) -> None:
    """The notebook's variables stay the user's own."""
    notebook("%%asset x1\n1")
    notebook("y = x1 + 1")
    assert "x1" not in notebook.shell.user_ns


def test_a_change_in_place_reaches_nobody_else(notebook: Notebook) -> None:
    """A cell that changes a value changes its own copy; the next cell and bodies get the kept one."""
    notebook("%%asset rows\n{'a': [1]}")
    assert notebook("rows['a'].append(2)\nrows").value == {"a": [1, 2]}
    assert notebook("rows").value == {"a": [1]}
    notebook("%%asset size\nlen(rows['a'])")
    assert notebook("size").value == 1


def test_a_variable_wins_over_an_asset(notebook: Notebook) -> None:
    """The user's own variable is read, and this is told once."""
    notebook("%%asset rate\n1")
    notebook("rate = 5")
    first, second = notebook("rate"), notebook("rate + 0")
    assert (first.value, second.value) == (5, 5)
    assert "`rate` is your variable here; the asset is `dagbook.workspace().value('rate')`." in (
        first.text
    )
    assert second.shown == []


def test_a_deleted_variable_uncovers_the_asset(notebook: Notebook) -> None:
    """After `del` the name stands for the asset again, in the same cell and in later ones."""
    notebook("%%asset rate\n1")
    notebook("rate = 5")
    assert notebook("del rate\nrate").value == 1
    assert notebook("rate").value == 1
    assert notebook("rate = rate + 1\nrate").value == 2


def test_a_stale_value_is_announced(notebook: Notebook) -> None:
    """The value is given, with why it is stale and what brings it up to date."""
    notebook("size = 1")
    notebook(COUNT)
    notebook("size = 2")
    ran = notebook("len(count)")
    assert ran.value == 1
    assert ran.shown[0]["text/plain"] == (
        "`count` is stale (variable size changed: 1 → 2): `%materialize count` brings it up to date."
    )


def test_a_cell_that_reads_a_failed_asset_is_told_that_it_failed(notebook: Notebook) -> None:
    """What it gives is the value from before, and no run of the same code makes another."""
    notebook("%%asset count\n1")
    notebook("%%asset count\n1 / 0", fails=True)
    ran = notebook("count + 1")
    assert ran.text.splitlines() == [
        "`count` failed (ZeroDivisionError: division by zero): this is its value from before.",
        "Out[4]: 2",
    ]


def test_nothing_is_announced_of_what_the_cell_brings_up_to_date(notebook: Notebook) -> None:
    """A cell that materializes first and reads then is not told that the value was stale."""
    notebook("size = 1")
    notebook(COUNT)
    notebook("size = 2")
    assert "is stale" not in notebook("%materialize count\nlen(count)").text
    assert "is stale" not in notebook("%stale count").text


def test_a_missing_value_is_hinted_at(notebook: Notebook) -> None:
    """A NameError for an asset without a value says what makes it."""
    notebook("%%asset late --lazy\n1")
    ran = notebook("late + 1", fails=True)
    assert isinstance(ran.error, NameError)
    assert "`late` is an asset without a value yet: `%materialize late` makes it." in ran.text


def test_after_a_restart_names_are_there_at_once(restart: Callable[[], Notebook]) -> None:
    """Kept values are read by their names before any cell has run, and called unverified."""
    restart()("%%asset total\n42")
    later = restart()
    ran = later("total")
    assert ran.value == 42
    assert ran.shown[0]["text/plain"] == (
        "`total` is the value kept from before, unverified: no cell has defined it yet."
    )


@pytest.mark.parametrize("magic", ["%asset", "%stale", "%materialize"])
def test_after_a_restart_it_is_told_what_is_kept(
    restart: Callable[[], Notebook], magic: str
) -> None:
    """Until a cell defines an asset; not that there were none, or that there is nothing to do."""
    restart()("%%asset total\n42")
    assert (
        "No cell has defined an asset yet.\nKept from before, and readable by name: `total`."
    ) in restart()(magic).text


def test_unloading_takes_the_names_away(notebook: Notebook) -> None:
    """Without the extension an asset's name is no name."""
    notebook("%%asset total\n42")
    notebook("%unload_ext dagbook")
    assert isinstance(notebook("total", fails=True).error, NameError)
    assert notebook("len('abc')").value == 3
    notebook("%load_ext dagbook")


@pytest.mark.skipif(not OPEN.is_dir(), reason="the system does not list what is open")
def test_unloading_closes_the_store(notebook: Notebook, home: Path) -> None:
    """No file of it stays open, although the shell lives on and remembers what its cells gave."""
    for text in ("%%op one()\n1", "%%graph_asset total\none()", "%unload_ext dagbook"):
        notebook(text)
    assert not [one for one in OPEN.iterdir() if Path(os.path.realpath(one)).is_relative_to(home)]


def test_a_run_in_another_thread_does_not_change_a_running_cell(notebook: Notebook) -> None:
    """What a cell reads is one snapshot: a run in the background counts from the next cell on."""
    notebook("size = 1")
    notebook(COUNT)
    notebook("size = 2")
    workspace = notebook.workspace
    elsewhere = threading.Thread(target=lambda: workspace.materialize("count"))
    notebook.shell.user_ns["elsewhere"] = elsewhere
    ran = notebook("before = len(count)\nelsewhere.start()\nelsewhere.join()\nbefore, len(count)")
    assert ran.value == (1, 1)
    assert notebook("len(count)").value == 2


def test_names_are_completed(notebook: Notebook) -> None:
    """Where a name may stand, the names of assets are offered."""
    notebook("%%asset flights_by_day\n1")
    with provisionalcompleter():
        offered = [one.text for one in notebook.shell.Completer.completions("len(flights_", 12)]
    assert offered == ["flights_by_day"]


def test_a_name_that_two_assets_end_with_is_nobodys(notebook: Notebook) -> None:
    """`flights` reads neither `raw/flights` nor `old/flights`."""
    notebook("%%asset raw/flights\n1")
    notebook("%%asset old/flights\n2")
    assert isinstance(notebook("flights", fails=True).error, NameError)


@pytest.mark.parametrize("text", ["hold['y'] = 2", "hold.update(y=2)", "del hold['x']"])
def test_a_change_in_place_is_told_to_be_lost(notebook: Notebook, text: str) -> None:
    """The next cell reads the kept value, so the cell that changed it says so, once."""
    notebook("%%asset hold\n{'x': 1}")
    assert "`hold` was changed in this cell only" in notebook(f"{text}\nhold").text
    assert notebook("hold").value == {"x": 1}
    assert "changed" not in notebook(text).text


@pytest.mark.parametrize(
    "text", ["hold['x'] = 1", "hold = dict(hold)\nhold['y'] = 2", "own = {}\nown['x'] = hold"]
)
def test_what_is_not_changed_is_not_told(notebook: Notebook, text: str) -> None:
    """An equal value, and a variable of the user's own."""
    notebook("%%asset hold\n{'x': 1}")
    assert "changed" not in notebook(text).text


@pytest.mark.parametrize(
    "handed",
    [
        "calls.append(shown)",
        "calls.append(lambda: rate * 2)",
        "calls.append(functools.partial(shown))",
        "@calls.append\ndef other(): return rate * 2",
        "calls.append(thing.shown)",
        "keep(then=[shown])",
    ],
)
def test_a_function_that_was_handed_on_reads_assets_later(notebook: Notebook, handed: str) -> None:
    """Also when it is called by a cell that names neither it nor the asset, and after a run."""
    notebook("%%asset rate\n3", cell="a")
    notebook(
        "import functools\ncalls = []\n"
        "def shown(): return rate * 2\n"
        "class Thing:\n    def shown(self): return rate * 2\n"
        "thing = Thing()\n"
        "def keep(then): calls.extend(then)"
    )
    notebook(handed)
    notebook("1 + 1")
    assert notebook("calls[0]()").value == 6
    notebook("%%asset rate\n4", cell="a")
    assert notebook("calls[0]()").value == 8


def test_a_callback_between_cells_reads_what_a_background_run_has_made(notebook: Notebook) -> None:
    """No cell runs then, so that nothing must stay as it was."""
    notebook("%%asset rate\n3", cell="a")
    notebook("calls = []\ndef shown(): return rate\ncalls.append(shown)")
    notebook("%config Dagbook.on_define = 'register'")
    notebook("%%asset rate\n4", cell="a")
    shown = notebook.shell.user_ns["shown"]
    assert shown() == 3
    elsewhere = threading.Thread(target=notebook.workspace.materialize)
    elsewhere.start()
    elsewhere.join()
    assert shown() == 4


@pytest.mark.parametrize("call", ["thing.show()", "wrapped()", "part()", "cached()"])
def test_names_are_found_through_instances_and_wrappers(notebook: Notebook, call: str) -> None:
    """Of classes and functions of the notebook that earlier cells have made."""
    notebook("%%asset rate\n3")
    notebook(
        "import functools\n"
        "class Base:\n    def show(self): return rate\n"
        "class Thing(Base): pass\nthing = Thing()\n"
        "def plain(f):\n    return lambda: f()\n"
        "@plain\ndef wrapped(): return rate\n"
        "def given(x=0): return rate\npart = functools.partial(given, x=1)\n"
        "@functools.lru_cache\ndef cached(): return rate"
    )
    assert notebook(call).value == 3


def test_attributes_of_assets_are_completed(notebook: Notebook) -> None:
    """Of the kept value; a variable of the name is the shell's own business."""
    notebook("%%asset numbers\n[1, 2]")
    notebook("1 + 1")
    with provisionalcompleter():
        offered = [one.text for one in notebook.shell.Completer.completions("numbers.app", 11)]
    assert offered == ["numbers.append"]


def test_assets_are_inspected_like_variables(notebook: Notebook) -> None:
    """By `name?` in a cell and by a front end; the value is no variable afterwards."""
    notebook("%%asset numbers\n[1, 2]")
    notebook("1 + 1")
    assert "list" in notebook.shell.object_inspect_mime("numbers")["text/plain"]
    assert "Append object" in notebook.shell.object_inspect_mime("numbers.append")["text/plain"]
    notebook("numbers?")
    assert "numbers" not in notebook.shell.user_ns


READER = "from dagbook import asset\n@asset\ndef reader(kept): return kept + 1"


def test_a_reader_does_not_hide_what_is_kept_from_before(restart: Callable[[], Notebook]) -> None:
    """After a restart the name gives the kept value, also when only its reader's cell has run."""
    notebook = restart()
    notebook("%%asset kept\n41", cell="a")
    notebook = restart()
    notebook(READER, cell="b")
    ran = notebook("kept")
    assert ran.value == 41
    assert "unverified: no cell has defined it yet" in ran.text


def test_the_value_of_a_value_is_explained(restart: Callable[[], Notebook]) -> None:
    """Before the cell of an `@asset` has run, its name is what is kept of it, and no definition."""
    notebook = restart()
    notebook("from dagbook import asset\n@asset\ndef kept(): return 41")
    notebook("%materialize")
    assert notebook("kept.value").value == 41
    notebook = restart()
    told = "`kept` is the value itself until a cell defines it: `.value` is for definitions"
    assert told in notebook("kept.value", fails=True).text
    notebook("%%asset kept\n42", cell="a")
    assert "`kept` is the value itself: `.value`" in notebook("kept.value", fails=True).text


@pytest.mark.parametrize(
    "text",
    [
        "%run script.py",
        "%run -i script.py",
        "%run -n script.py",
        "%run -p script.py",
        "%reset -f",
        "%%capture\ncount",
        "%%time\ncount",
        "%%timeit -n1 -r1\ncount",
        "%prun count",
        "exec('count', {})",
        "import importlib, json\nimportlib.reload(json)",
        "import importlib, builtins\nimportlib.reload(builtins)",
    ],
)
def test_names_give_assets_whatever_was_run_before(
    notebook: Notebook, text: str, tmp_path: Path
) -> None:
    """Also below magics that set the namespace or its builtins anew; and so in functions."""
    (tmp_path / "script.py").write_text("def scale(x):\n    return x * 2\n")
    notebook("size = 2")
    notebook(COUNT)
    notebook.attempt(text)
    notebook("def measured(): return len(count)")
    assert notebook("len(count), measured()").value == (2, 2)


def test_functions_that_are_defined_below_a_run_read_assets(
    notebook: Notebook, tmp_path: Path
) -> None:
    """In the very cell; and what was taken out leaves `%run` as it was."""
    (tmp_path / "script.py").write_text("def scale(x):\n    return x * 2\n")
    notebook("size = 2")
    notebook(COUNT)
    notebook("%run script.py\ndef measured():\n    return scale(len(count))")
    assert notebook("measured()").value == 4
    notebook("%unload_ext dagbook")
    notebook("%run script.py")
    assert notebook("type(__builtins__).__name__").value == "module"
    notebook("%load_ext dagbook")
