"""What `%stale` and `%asset --diff` tell beside the causes."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagbook.errors.execution import ValueMissing
from tests.notebook.shells import Notebook

FRAME = "%%asset orders\nimport pandas as pd\npd.DataFrame({{'id': {ids}, 'n': {ns}}})"


def begin(notebook: Notebook) -> None:
    """A frame, what reads it, and what reads that."""
    notebook(FRAME.format(ids=[1, 2], ns=[5, 6]), cell="a")
    notebook("%%asset total\nint(orders.n.sum())", cell="b")
    notebook("%%asset shown\nf'{total}!'", cell="c")


def test_a_changed_input_is_told_with_versions_and_rows(notebook: Notebook) -> None:
    """The version that was read and the one that counts, each with its size."""
    begin(notebook)
    notebook(FRAME.format(ids=[1, 2, 3], ns=[5, 6, 7]), cell="a")
    text = str(notebook("%stale").value)
    assert "total: the data of `orders` was version " in text
    assert "(2 rows × 2 columns), is version " in text
    assert "(3 rows × 2 columns)" in text


def test_the_chain_leads_to_where_staleness_began(notebook: Notebook) -> None:
    """From the asset up to the first that is stale by itself."""
    begin(notebook)
    notebook("%config Dagbook.on_define = 'register'")
    notebook(FRAME.format(ids=[1], ns=[5]), cell="a")
    text = str(notebook("%stale").value)
    assert "`shown` ← `total` ← `orders`: code changed" in text


def test_a_changed_helper_is_told_by_name_with_its_diff(notebook: Notebook) -> None:
    """The line that changed, of whichever function."""
    notebook("def rate():\n    return 2")
    notebook("%%asset total\nrate() + 1", cell="a")
    notebook("def rate():\n    return 3")
    text = str(notebook("%stale").value)
    assert "total: function `rate` changed (cell [4], line 1)" in text
    assert "-    return 2" in text
    assert "+    return 3" in text


def test_the_diff_of_the_data_is_told(notebook: Notebook) -> None:
    """Rows by key, nulls, numbers, the rows that changed."""
    begin(notebook)
    assert "nothing to compare" in str(notebook("%asset orders --diff").value)
    notebook(FRAME.format(ids=[1, 2, 3], ns=[5, 9, 7]), cell="a")
    text = str(notebook("%asset orders --diff").value)
    assert "by id: 1 added, 0 removed, 1 changed" in text
    assert "6 → 9" in text


def test_the_cost_of_an_update_is_told_in_html(notebook: Notebook) -> None:
    """By what the same assets took and weighed before."""
    begin(notebook)
    notebook("%config Dagbook.on_define = 'register'")
    notebook(FRAME.format(ids=[1], ns=[5]), cell="a")
    assert "The last time that took" in notebook("%stale").html


def test_a_version_is_pinned_and_let_go(notebook: Notebook) -> None:
    """The magic says who will read it, and the graph shows it."""
    begin(notebook)
    notebook(FRAME.format(ids=[1], ns=[7]), cell="a")
    said = str(notebook("%asset orders --pin 1").value)
    assert said == "`orders` stays at result 1 until `--unpin`. `total` will read it."
    notebook("%materialize")
    assert str(notebook("%stale").value).endswith("Pinned, whatever its code says: `orders`.")
    assert notebook.workspace.value("total") == 11
    assert "pinned" in str(notebook("%asset").value)
    assert "until `%asset orders --unpin`" in str(notebook("%asset orders").value)
    notebook("%asset orders --unpin")
    notebook("%materialize")
    assert notebook.workspace.value("total") == 7


def test_the_cell_of_a_pinned_asset_says_that_its_new_code_was_not_run(notebook: Notebook) -> None:
    """With the number of the result that counts; nothing is said of the code that made it."""
    for text in ("1", "2"):
        notebook(f"%%asset a\n{text}", cell="a")
    notebook("%asset a --pin 1")
    said = "`a` is pinned at result 1: the new code was not run; `%asset a --unpin`."
    for text in ("2", "3"):
        assert said in str(notebook(f"%%asset a\n{text}", cell="a").value)
    assert "pinned" not in str(notebook("%%asset a\n1", cell="a").value)
    notebook("%asset a --unpin")
    assert "pinned" not in str(notebook("%%asset a\n3", cell="a").value)


def test_each_stale_asset_is_told_of_once(notebook: Notebook) -> None:
    """By what made it stale; where many share that, it is told once, and how many they are."""
    notebook("%%asset low\n1", cell="a")
    for name in ("b", "c"):
        notebook(f"%%asset {name}\nlow", cell=name)
    notebook("%%asset low --lazy\n2", cell="a")
    assert "`c` ← `low`: code changed" in str(notebook("%stale").value)
    for name in ("d", "e"):
        notebook("%%asset low --lazy\n1", cell="a")
        notebook(f"%%asset {name}\nlow", cell=name)
    notebook("%%asset low --lazy\n2", cell="a")
    text = str(notebook("%stale").value)
    assert "`low`: code changed, and 4 assets below it are not up to date" in text
    assert "←" not in text


def test_all_below_a_stale_asset_are_counted(notebook: Notebook) -> None:
    """As many as an update runs: also those that something nearer makes stale, or never made."""
    notebook("rate = k = 1")
    cells = ("a\nrate", "b\na", "c\na * k", "d\nc", "e\nb", "f\nb", "g --lazy\nf")
    for text in cells:
        notebook(f"%%asset {text}")
    notebook("rate = k = 2")
    told, plan = str(notebook("%stale").value), notebook("%materialize --dry-run").value
    assert f"`a`: variable rate changed: 1 → 2, and {len(plan.keys) - 1} assets below it" in told


def test_the_diff_at_the_root_is_told_for_what_is_far_below_it(notebook: Notebook) -> None:
    """Each root with its changed line, though only what is below was asked for."""
    notebook("def rate():\n    return 2\ndef more():\n    return 5")
    notebook("%%asset low\nrate() + 1", cell="a")
    notebook("%%asset high\nmore() + 1", cell="b")
    notebook("%%asset both\nlow + high", cell="c")
    notebook("%%asset last\nboth + 1", cell="d")
    notebook("def rate():\n    return 3\ndef more():\n    return 6")
    text = str(notebook("%stale last").value)
    for name, helper, line in (("low", "rate", "return 3"), ("high", "more", "return 6")):
        assert f"`last` ← `both` ← `{name}`: function {helper} changed" in text
        assert f"+    {line}" in text
    assert "low: function `rate` changed (cell [7], line 1)" in text


def test_a_description_that_does_not_count_is_in_no_diff(notebook: Notebook) -> None:
    """Only the line that made it stale is."""
    notebook("%%asset total\n'How many.'\n1 + 1", cell="a")
    notebook("%config Dagbook.on_define = 'register'")
    notebook("%%asset total\n'How many there are.'\n1 + 2", cell="a")
    text = str(notebook("%stale").value)
    assert "+1 + 2" in text
    assert "How many" not in text


def test_the_reason_of_an_acceptance_is_shown(notebook: Notebook) -> None:
    """Beside the state, in the table, in the history; until the next run."""
    notebook("%%asset total\n1 + 1", cell="a")
    notebook("%config Dagbook.on_define = 'register'")
    notebook("%%asset total\n2", cell="a")
    notebook("%stale total --accept --reason 'the same sum'")
    for asked in ("%asset total", "%asset", "%asset total --history"):
        assert "accepted: the same sum" in str(notebook(asked).value), asked
    notebook("%materialize --force")
    assert "accepted" not in str(notebook("%asset total").value)


def test_what_another_notebook_made_again_is_in_use_by_its_data(notebook: Notebook) -> None:
    """The history of this one marks its own result of the same data."""
    for scope, body in (("here", "1"), ("here", "2"), ("there", "1"), ("here", "1")):
        notebook(f"%config Dagbook.scope = {scope!r}")
        notebook("%reload_ext dagbook")
        notebook(f"%%asset a --lazy\n{body}", cell="a")
        if not notebook.workspace.status("a").restorable or scope == "there":
            notebook("%materialize")
    told = [line.split(maxsplit=1) for line in notebook("%asset a --history").text.splitlines()]
    assert told[-2:] == [["2"], ["1", "in use"]]


@pytest.mark.parametrize("magic", ["%asset", "%stale", "%asset slow"])
def test_what_runs_in_the_background_is_told_to_run(notebook: Notebook, magic: str) -> None:
    """As the graph says it: nobody has to start again what is being made."""
    notebook("import threading\nbegun, end = threading.Event(), threading.Event()")
    notebook("%%asset slow --lazy\nbegun.set()\nend.wait(30)")
    notebook("run = %materialize slow --background\nbegun.wait(30)")
    told = notebook(magic).text
    notebook("end.set()\nrun.result()")
    assert "▶ running" in told


def test_data_from_elsewhere_is_told_as_such(notebook: Notebook) -> None:
    """An external asset whose file changed is no upstream that ran."""
    Path("rates.csv").write_text("a\n1\n")
    notebook("%%asset rates --external\nrates.csv")
    notebook("%%asset total --deps rates\nopen_ = 1\nopen_")
    Path("rates.csv").write_text("a\n2\n")
    assert notebook.workspace.status("total").why == "external data changed (rates)"
    assert "external data changed (rates)" in str(notebook("%stale").value)


def test_what_is_given_up_is_told_so_and_cannot_be_pinned(notebook: Notebook) -> None:
    """The record stays in the history; its value is gone from the store."""
    for start in range(3):
        notebook(f"%%asset big\nimport numpy as np\nnp.arange(300_000) + {start}", cell="a")
    notebook.workspace.collect_garbage(keep=1)
    told = notebook("%asset big --history").text
    assert "big: 1 kept result" in told
    assert told.count("no longer kept") == 2
    error = notebook.attempt("%asset big --pin 1").error
    assert isinstance(error, ValueMissing)
    assert "no longer keeps version '1'" in str(error)


def test_what_a_body_changes_itself_is_named_with_what_to_do(notebook: Notebook) -> None:
    """Once for all that are stale for that."""
    notebook("SEEN, CACHE = [], {}\ndef load(n):\n    return CACHE.setdefault(n, n + 1)")
    notebook("%%asset a\nSEEN.append(1)\nlen(SEEN)")
    notebook("%%asset b\nload(3)")
    text = str(notebook("%stale").value)
    assert "a: constant `SEEN` changed: [] → [1], which the body itself changes" in text
    assert "b: constant `CACHE` changed: {} → {3: 4}, which `load` itself changes" in text
    assert text.count("What a run reads and changes itself leaves it stale: `SEEN` (a)") == 1
    assert "`CACHE` (b). Make that in the body; for a cache `functools.cache`" in text


def test_the_same_change_of_several_assets_is_told_once(notebook: Notebook) -> None:
    """With those that it is one for, and which of them one run makes."""
    notebook("def rate():\n    return 2")
    notebook("%%multi_asset low high\nlow = rate()\nhigh = 7")
    for name in "abc":
        notebook(f"%%asset {name}\nrate()")
    notebook("def rate():\n    return 3")
    text = str(notebook("%stale").value)
    assert "low, high, a and 2 more: function `rate` changed (cell [7], line 1)" in text
    assert text.count("+    return 3") == 1
    assert "One run makes `low`, `high`: what it reads counts for each of them." in text


def test_another_name_of_an_input_is_told_with_its_data(notebook: Notebook) -> None:
    """First that nothing defines the old one, and then that the new one stands in its place."""
    begin(notebook)
    notebook("%config Dagbook.on_define = 'register'")
    notebook("%forget orders")
    notebook(FRAME.format(ids=[1, 2], ns=[5, 6]).replace("orders", "sales"), cell="a")
    notebook("%%asset total --ins orders=sales\nint(orders.n.sum())", cell="b")
    assert notebook.state("total") == "fresh"
    notebook("%%asset total\nint(sales.n.sum())", cell="b")
    why = notebook.workspace.status("total").why
    assert why == "code changed; depends on sales in place of orders, with the same data"


def test_an_input_that_nothing_defines_any_more_is_told_with_what_has_its_data(
    notebook: Notebook,
) -> None:
    """So that a rename that was forgotten in a reader is found."""
    begin(notebook)
    notebook("%%asset sums --sql\nselect sum(n) as n from orders")
    notebook("%config Dagbook.on_define = 'register'")
    notebook("%forget orders")
    notebook(FRAME.format(ids=[1, 2], ns=[5, 6]).replace("orders", "sales"), cell="a")
    text = str(notebook("%stale").value)
    assert "sums   ● stale  no cell defines what it reads (orders)" in text
    told = "`sums` reads `orders`, which no cell defines any more. `sales` has its data"
    assert told in text


def test_a_changed_query_is_told_by_its_lines(notebook: Notebook) -> None:
    """Neatly written, in text and HTML."""
    begin(notebook)
    notebook("%%asset sums --sql\nselect id, n from orders where n > 5", cell="q")
    notebook("%config Dagbook.on_define = 'register'")
    notebook("%%asset sums --sql\nselect id, n, id + n as m from orders where n > 5", cell="q")
    shown = notebook("%stale")
    assert "-  n\n+  n,\n+  id + n AS m\n FROM orders" in str(shown.value)
    assert ">+  id + n AS m</span>" in shown.html


def test_a_changed_file_of_a_module_is_told_by_its_lines(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the module is loaded anew, and after a run of what is loaded."""
    source = Path("lib_told.py")
    source.write_text("def clean(n):\n    return n * 2\n")
    monkeypatch.syspath_prepend(".")
    notebook("import lib_told")
    notebook("%%asset total\nlib_told.clean(3)")
    source.write_text("# more\ndef clean(n):\n    return n * 30\n")
    text = str(notebook("%stale").value)
    assert "total: function `lib_told.clean` changed in its file (" in text
    assert "-    return n * 2\n+    return n * 30" in text
    notebook("%materialize")
    notebook("import importlib; importlib.reload(lib_told)")
    assert "function lib_told.clean is loaded anew" in str(notebook("%stale").value)


def test_what_is_no_longer_read_is_told_in_one_line(notebook: Notebook) -> None:
    """Without what it held, which goes with it, and without its lines."""
    notebook("class Rule:\n    limit = 3\nrule, RATE = Rule(), 2\ndef more(n):\n    return n + 1")
    notebook("%%asset total\nmore(RATE) + rule.limit", cell="a")
    notebook("%config Dagbook.on_define = 'register'")
    notebook("%%asset total\n7", cell="a")
    text = str(notebook("%stale").value)
    assert "total: no longer read: `RATE`, `more`, `rule`" in text
    assert "return n + 1" not in text


def test_what_bars_the_rest_is_told_with_what_runs_it_all_the_same(notebook: Notebook) -> None:
    """By the check, for the run after it passes or without it."""
    notebook("%%asset low\n1")
    notebook("%%asset high\nlow + 1")
    notebook("%%asset_check fine --asset low --blocking\nlow > 3")
    told = "Nothing below runs until `low.fine` passes; `%materialize --ignore-checks` runs it"
    assert told in str(notebook("%stale").value)
