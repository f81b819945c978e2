"""What goes wrong, each with its whole message: the thing, the place, what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.notebook.shells import Notebook

BAD = {
    "an unknown upstream in a plan": (
        ["%%asset orders\n1", "%%asset total --lazy --deps ordes\n1"],
        "%materialize total",
        "InvalidGraph: `total` (cell [3], line 1) reads `ordes` as a dependency, and no asset has "
        "that name. Did you mean `orders`?",
    ),
    "a syntax error": (
        [],
        "%%asset total\norders = [\n    1,\nsum(orders",
        "BodySyntaxError: The body is not valid Python: '(' was never closed.\n"
        "  cell [2], line 4\n    sum(orders\n       ^",
    ),
    "a body without a value": (
        [],
        "%%asset total\nimport os",
        "NoValue: The body of `total` gives no value: end it with an expression, `return` or "
        "`yield` the value, or assign it to `total`. Write `None` as the last line where nothing "
        "is meant.\n  cell [2], line 2\n    import os\n    ^",
    ),
    "a check without a verdict": (
        ["%%asset orders\n1"],
        "%%asset_check fine\nx = orders",
        "NoVerdict: The check `fine` gives no verdict: end it with a bool, a frame of the rows that "
        "fail or an AssetCheckResult, or let it `assert` what must hold.\n"
        "  cell [3], line 2\n    x = orders\n    ^",
    ),
    "a check of nothing": (
        [],
        "%%asset_check fine\n1 == 1",
        "UnknownCheckedName: The check `fine` reads no asset that is defined. Read the one that it "
        "judges by its name, or say `--asset NAME`.",
    ),
    "a check on an unknown asset in a plan": (
        ["%%asset orders\n1", "%%asset_check fine --asset ordes\nTrue"],
        "%materialize",
        "InvalidGraph: The check `fine` (cell [3], line 1) is on `ordes`, and no asset has that "
        "name. Did you mean `orders`?",
    ),
    "a comment above the header": (
        [],
        "# note\n%%asset total\n1",
        "MisplacedHeader: `%%asset total` must be the first line of its cell: move what stands "
        "above it, a comment too, below it or into another cell.",
    ),
    "one percent sign": (
        [],
        "%asset total --group air\n1 + 1",
        "OneSignShort: `%asset total --group air` shows an asset, and Python stands below it. "
        "A cell that makes the asset begins with two signs: `%%asset total --group air`.",
    ),
    "a body that reads itself": (
        [],
        "%%asset total\ntotal + 1",
        "SelfReference: The body of `total` reads `total` before binding it, and an asset cannot "
        "be its own input: for the value of the last run read `context.previous_value`; else use "
        "another name, or bind it first.\n  cell [2], line 2\n    total + 1\n    ^^^^^",
    ),
    "a star import": (
        [],
        "%%asset total\nfrom math import *\npi",
        "ForbiddenStatement: `from math import *` cannot stand in a body: the names that it "
        "reads must stand in it; import the names that are used.\n  cell [2], line 2\n    from math import *\n    ^^^^^^^^^^^^^^^^^^",
    ),
    "a selection with a typo": (
        ["%%asset orders\n1"],
        "%materialize ordres+",
        "UnknownNameInSelection: No asset has the key `ordres`.\n    ordres+\n    ^^^^^^\n"
        "Did you mean `orders`?",
    ),
    "a selection of what nobody knows": (
        ["%%asset orders\n1"],
        "%materialize nix",
        "UnknownNameInSelection: No asset has the key `nix`.\n    nix\n    ^^^\nThere is `orders`.",
    ),
    "an option with a typo": (
        [],
        "%%asset total --gruop air\n1",
        "UnknownOption: %%asset has no option --gruop. Did you mean `--group`? Its options: --deps, "
        "--ins, --group, --kind, --tag, --owner, --description, --reads, --retries, --delay, "
        "--timeout, --code-version, --always, --max-age, --lazy, --sql, --as, --io, "
        "--external.\n"
        "  cell [2], line 1\n    total --gruop air\n          ^^^^^^^",
    ),
    "a header without a name": (
        [],
        "%%asset --lazy\n1",
        "MissingArgument: %%asset needs NAME, before its options: %%asset NAME.\n"
        "  cell [2], line 1\n    --lazy\n          ^",
    ),
    "a variable that is not there": (
        [],
        "%%asset total --group {team}\n1",
        "UnknownExpansion: %%asset: `{team}` stands for a variable, and `team` is not defined.\n"
        "  cell [2], line 1\n    total --group {team}\n                  ^^^^^^",
    ),
    "an unknown asset": (
        ["%%asset orders\n1"],
        "%asset ordres",
        "UnknownAsset: No asset is named `ordres`. Did you mean `orders`?",
    ),
    "an unknown run": (
        [],
        "%runs abcdef",
        "NoSuchRun: No run is named `abcdef`. `%runs` lists those that are kept.",
    ),
    "nothing to go on with": (
        [],
        "%runs --retry",
        "NoSuchRun: There has been no run yet, so that there is none to go on with.",
    ),
    "an option of one asset for none": (
        [],
        "%asset --pin 1",
        "IncompleteMagic: `%asset --pin VERSION` does not say which asset. "
        "Write `%asset NAME --pin VERSION`.",
    ),
    "a header in a body": (
        [],
        "%%asset total\n%%asset other\n1",
        "MisplacedHeader: `%%asset other` must be the first line of its cell: move what stands "
        "above it, a comment too, below it or into another cell.",
    ),
    "a folder as a module": (
        [],
        "%load_assets ../shop",
        "UnknownModule: There is no module `../shop`. Python looks for it beside the notebook and "
        "where packages are installed.",
    ),
    "a config that is none": (
        ["many = 3"],
        "%materialize --config many",
        "InvalidConfig: Config of `the run`: it is a value of type int, and no dictionary of "
        "`ops` and `resources`.",
    ),
    "a picture without a place": (
        [],
        "%dag --export nowhere/dag.svg",
        "IncompleteMagic: `%dag --export nowhere/dag.svg` can't write that file: No such file or "
        "directory. Give the name of a file in a folder that is there and that you may write to.",
    ),
    "a query that nobody can read": (
        [],
        f"%%asset total --sql\n{'(' * 500}",
        "SqlSyntaxError: The body is not valid SQL: it is too deeply nested.\n  cell [2], line 2\n"
        f"    {'(' * 36}…\n    ^",
    ),
    "a graph that ends the program": (
        [],
        "%%graph_asset total\nraise SystemExit",
        "BodyExited: `total` called exit, which would end the program. "
        "Return a value, or raise an exception that says what is wrong.",
    ),
    "a key without a middle": (
        [],
        "%asset raw//orders",
        "InvalidName: `raw//orders` can't be the name of an asset key: use letters, digits and "
        "underscores; a path of such names for a key.",
    ),
    "a name that differs by case": (
        ["%%asset orders\n1"],
        "%%asset Orders\n1",
        "DuplicateKey: `Orders` differs only by case from `orders` (cell [2], line 1), and names "
        "become names of files and columns. Choose another name.",
    ),
    "a word as a query": (
        [],
        "%%asset total --sql\norders",
        "NotOneQuery: The body is an expression, and an asset is a query: keep the SELECT of it.\n"
        "  cell [2], line 2\n    orders\n    ^",
    ),
    "an acceptance without a reason": (
        ["%%asset orders\n1"],
        "%stale orders --accept",
        "IncompleteMagic: `%stale --accept` needs a selection and a reason. "
        "Write `%stale NAME --accept --reason 'only renamed a variable'`.",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_answered_by_one_message(notebook: Notebook, what: str) -> None:
    """The message names the thing and its place, and says what to do; no frame of ours is shown."""
    before, text, message = BAD[what]
    for cell in before:
        notebook(cell)
    assert notebook.message(text).splitlines()[-len(message.splitlines()) :] == message.splitlines()


def test_a_typo_in_deps_is_told_when_it_is_defined(notebook: Notebook) -> None:
    """The cell registers the asset and names what may be meant."""
    notebook("%%asset orders\n1")
    assert notebook("%%asset total --deps ordes\n1").text.splitlines()[-1] == (
        "Registered. No cell defines `ordes` yet. Did you mean `orders`? "
        "Once that is there, `%materialize total` makes it."
    )


def test_a_cycle_is_shown(notebook: Notebook) -> None:
    """The message goes round the circle."""
    notebook("%%asset a --lazy\nb + 1")
    notebook("%%asset b --lazy\na + 1")
    assert notebook.message("%materialize a") == (
        "InvalidGraph: These assets wait for each other: b → a → b. "
        "Take one of these dependencies away.\n  b: cell [3], line 1\n  a: cell [2], line 1"
    )


def test_an_exception_in_a_body_shows_the_users_frames(notebook: Notebook) -> None:
    """The traceback begins in the cell, with its lines, and goes on through the user's helpers."""
    notebook("def half(n):\n    return n / 0")
    ran = notebook("%%asset total\nx = 1\nhalf(x)", fails=True)
    assert isinstance(ran.error, ZeroDivisionError)
    assert "----> 3 half(x)" in ran.printed
    assert "----> 2     return n / 0" in ran.printed
    assert "dagbook" not in ran.printed


def test_what_cannot_be_kept_is_named(notebook: Notebook) -> None:
    """A value that cannot be pickled is told with the asset and its type."""
    message = notebook.message("%%asset guard\nimport threading\nthreading.Lock()")
    assert message == (
        "NotStorable: `guard`: a value of type _thread.lock cannot be stored: TypeError: cannot "
        "pickle '_thread.lock' object. Return what it was made from (a frame, an array, plain "
        "data), or write an I/O manager for it."
    )


def test_a_failed_run_of_several_is_one_line_for_each(notebook: Notebook) -> None:
    """Two bodies that raise are two lines below MaterializationFailed."""
    notebook("%%asset a --lazy\n1 / 0")
    notebook("%%asset b --lazy\n[][1]")
    assert notebook.message("%materialize a or b").splitlines()[-3:] == [
        "MaterializationFailed: 2 failed: a, b",
        "  a: ZeroDivisionError: division by zero",
        "  b: IndexError: list index out of range",
    ]


def test_an_exception_in_a_graph_shows_the_users_frames(notebook: Notebook) -> None:
    """While it is put together, too."""
    printed = notebook("%%graph_asset total\n1 / 0", fails=True).printed
    assert "----> 2 1 / 0" in printed
    assert "run_cell_magic" not in printed


def test_long_names_do_not_fill_the_page(notebook: Notebook) -> None:
    """Neither in errors nor in sentences."""
    name = "x" * 10_000
    assert len(notebook(f"%asset {name}", fails=True).printed) < 500
    assert len(notebook(f"%%op {name}(a)\na").text) < 500


def test_hints_are_told_also_where_the_body_raises(notebook: Notebook) -> None:
    """What was noted about a body stands above its traceback."""
    notebook("%%asset orders\n[1]")
    ran = notebook("%%asset total\nlen('from orders') / 0", fails=True)
    assert "names `orders`, which is an asset and no input here" in ran.text


def test_a_store_that_cannot_be_made_is_told(restart: Callable[[], Notebook], home: Path) -> None:
    """A file in the store's place is named in one sentence, without a frame of ours."""
    home.write_text("a file stands where the store should be")
    with pytest.raises(AssertionError) as told:
        restart()
    assert " ".join(str(told.value).splitlines()[1:]) == (
        f"NotAStore: {home} is not a dagbook store: {home} is a file and no folder. "
        "Set DAGBOOK_HOME to an empty folder or to one that does not exist yet."
    )


def test_a_store_of_a_newer_format_is_refused(restart: Callable[[], Notebook], home: Path) -> None:
    """What a later version wrote is not touched."""
    restart()("%%asset orders\n1")
    (home / "format").write_text("99\n")
    with pytest.raises(AssertionError) as told:
        restart()
    assert str(told.value).splitlines()[1:] == [
        f"NewerStore: The store {home} has format 99, and this dagbook knows formats up to 1. "
        "Upgrade dagbook, or set DAGBOOK_HOME to another folder."
    ]
