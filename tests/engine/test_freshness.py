"""What counts as fresh: code, inputs, files, and kept results that agree with them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dagbook.engine.workspace import Workspace
from dagbook.errors.execution import InvalidAcceptance
from dagbook.views.assets import one_line
from tests.engine.typed import define, states, words

CHAIN = """
@asset
def raw():
    return 3

@asset
def doubled(raw):
    return raw * 2

@asset
def shown(doubled):
    return f"{doubled}!"
"""


def test_a_second_run_runs_nothing(workspace: Workspace) -> None:
    """What was made and did not change is skipped."""
    define(workspace, CHAIN)
    assert words(workspace.materialize().materialized) == ["raw", "doubled", "shown"]
    again = workspace.materialize()
    assert (again.success, again.materialized, len(again.skipped)) == (True, [], 3)


def test_a_changed_body_makes_it_and_what_is_below_stale(workspace: Workspace) -> None:
    """The causes say which one changed and which ones wait for it."""
    define(workspace, CHAIN)
    workspace.materialize()
    define(workspace, "@asset\ndef doubled(raw):\n    return raw * 3\n")
    assert states(workspace) == {"raw": "fresh", "doubled": "stale", "shown": "stale"}
    assert workspace.status("doubled").why == "code changed"
    assert workspace.status("shown").why == "upstream is stale (doubled)"


def test_what_is_below_a_failed_asset_says_so(workspace: Workspace) -> None:
    """From the run on in which it failed."""
    define(workspace, CHAIN)
    workspace.materialize()
    define(workspace, "@asset\ndef doubled(raw):\n    return 1 / 0\n")
    assert workspace.status("shown").why == "upstream is stale (doubled)"
    workspace.materialize("doubled", raise_on_error=False)
    assert workspace.status("shown").why == "upstream is failed (doubled)"


def test_what_failed_has_not_failed_with_other_code(workspace: Workspace) -> None:
    """From the edit on it is as stale as any edited asset; with the code that failed it failed."""
    failing = "@asset\ndef doubled(raw):\n    return 1 / 0\n"
    define(workspace, CHAIN + failing)
    workspace.materialize(raise_on_error=False)
    assert workspace.status("doubled").has_failed
    assert words(workspace.select("status:failed")) == ["doubled"]
    define(workspace, "@asset\ndef doubled(raw):\n    return raw\n")
    assert (states(workspace)["doubled"], workspace.status("doubled").has_failed) == (
        "missing",
        False,
    )
    assert workspace.select("status:failed") == []
    assert one_line(workspace.status("doubled"), "missing") == (
        "○ missing: before its code changed it failed: ZeroDivisionError: division by zero"
    )
    assert one_line(workspace.status("doubled"), "fresh") == "✓ fresh"
    define(workspace, failing)
    assert workspace.status("doubled").has_failed


def test_what_failed_with_several_assets_has_not_failed_with_other_code(
    workspace: Workspace,
) -> None:
    """Each of those that one body makes, also where their code is given versions of their own."""
    both = "@multi_asset(specs=[AssetSpec('a', code_version='1'), AssetSpec('b')])\ndef two():\n    {}\n"
    define(workspace, both.format("1 / 0"))
    workspace.materialize(raise_on_error=False)
    assert words(workspace.select("status:failed")) == ["a", "b"]
    define(workspace, both.format("pass"))
    assert workspace.select("status:failed") == []


def test_a_changed_comment_changes_nothing(workspace: Workspace) -> None:
    """Comments, docstrings and formatting are no code."""
    define(workspace, CHAIN)
    workspace.materialize()
    define(workspace, '@asset\ndef doubled(raw):\n    "Twice."\n    return (raw\n  * 2)  # note\n')
    assert set(states(workspace).values()) == {"fresh"}


def test_equal_data_leaves_what_is_below_fresh(workspace: Workspace) -> None:
    """A re-run that gives the same data is where the update ends."""
    define(workspace, CHAIN)
    workspace.materialize()
    define(workspace, "@asset\ndef doubled(raw):\n    return raw + raw\n")
    again = workspace.materialize()
    assert (words(again.materialized), words(again.skipped)) == (["doubled"], ["raw", "shown"])


def test_an_undone_edit_is_restored(workspace: Workspace) -> None:
    """The result from before the edit counts again, without a run."""
    define(workspace, CHAIN)
    workspace.materialize()
    define(workspace, "@asset\ndef raw():\n    return 4\n")
    workspace.materialize()
    define(workspace, CHAIN)
    assert set(states(workspace).values()) == {"fresh"}
    again = workspace.materialize()
    assert (again.materialized, words(again.restored)) == ([], ["raw", "doubled", "shown"])
    assert workspace.value("shown") == "6!"


def test_a_renamed_asset_is_restored(workspace: Workspace) -> None:
    """A result does not belong to a name."""
    define(workspace, "@asset\ndef before():\n    return 5\n")
    workspace.materialize()
    workspace.forget("before")
    define(workspace, "@asset\ndef after():\n    return 5\n")
    result = workspace.materialize()
    assert (result.materialized, words(result.restored)) == ([], ["after"])
    assert workspace.value("after") == 5


def test_another_notebook_adopts_a_kept_result(tmp_path: Path) -> None:
    """Scopes share results, but not what counts."""
    with Workspace(tmp_path, scope="a.ipynb") as first:
        define(first, CHAIN)
        first.materialize()
    with Workspace(tmp_path, scope="b.ipynb") as second:
        define(second, CHAIN)
        assert words(second.materialize().restored) == ["raw", "doubled", "shown"]


def test_a_dependency_beside_doubled_inputs_counts(workspace: Workspace) -> None:
    """Two parameters of one asset do not hide what is only waited for."""
    define(workspace, "@asset\ndef raw():\n    return 1\n@asset\ndef flag():\n    return 1\n")
    define(
        workspace,
        """
        @asset(ins={"x": AssetIn("raw"), "y": AssetIn("raw")}, deps=["flag"])
        def both(x, y):
            return x + y
        """,
    )
    workspace.materialize()
    define(workspace, "@asset\ndef flag():\n    return 2\n")
    assert "both" in words(workspace.materialize().materialized)


def test_swapped_inputs_are_other_inputs(workspace: Workspace) -> None:
    """Which value has which name is part of what a result depends on."""
    define(workspace, "@asset\ndef a():\n    return 1\n@asset\ndef b():\n    return 2\n")
    text = (
        '@asset(ins={{"x": AssetIn("{}"), "y": AssetIn("{}")}})\ndef c(x, y):\n    return x - y\n'
    )
    define(workspace, text.format("a", "b"))
    workspace.materialize()
    define(workspace, text.format("b", "a"))
    workspace.materialize()
    assert workspace.value("c") == 1


def test_declared_code_versions_are_never_taken_for_each_other(workspace: Workspace) -> None:
    """Two assets that both declare version 1 keep values of their own."""
    define(
        workspace,
        """
        @asset(code_version="1")
        def one():
            return 1

        @asset(code_version="1")
        def two():
            return 2
        """,
    )
    workspace.materialize()
    assert (workspace.value("one"), workspace.value("two")) == (1, 2)


def test_a_declared_code_version_replaces_the_automatic_one(workspace: Workspace) -> None:
    """The body may change; the declared version decides."""
    define(workspace, "@asset(code_version='1')\ndef a():\n    return 1\n")
    workspace.materialize()
    define(workspace, "@asset(code_version='1')\ndef a():\n    return 2\n")
    assert workspace.materialize().materialized == []
    define(workspace, "@asset(code_version='2')\ndef a():\n    return 2\n")
    assert words(workspace.materialize().materialized) == ["a"]


def test_a_helper_function_is_part_of_the_code(workspace: Workspace) -> None:
    """Another helper makes stale whoever calls it."""
    space = define(workspace, "def rate():\n    return 2\n@asset\ndef a():\n    return rate()\n")
    workspace.materialize()
    define(workspace, "def rate():\n    return 3\n", space)
    assert workspace.status("a").why == "function rate changed"
    workspace.materialize()
    assert workspace.value("a") == 3


def test_a_constant_is_part_of_the_code(workspace: Workspace) -> None:
    """Rebinding a global, or changing a list in place, is a change."""
    space = define(workspace, "LIMITS = [1]\n@asset\ndef a():\n    return sum(LIMITS)\n")
    workspace.materialize()
    space["LIMITS"].append(4)
    assert words(workspace.materialize().materialized) == ["a"]
    assert workspace.value("a") == 5


def test_an_asset_read_by_a_helper_is_an_input(workspace: Workspace) -> None:
    """What a helper reads by name is handed to it, and its changes count."""
    space = define(
        workspace,
        """
        @asset
        def table():
            return [3, 1, 2]

        def smallest():
            return min(table)

        @asset
        def report():
            return smallest()
        """,
    )
    space.pop("table")
    workspace.materialize()
    assert workspace.value("report") == 1
    assert words(workspace.graph.parents(workspace.graph.keys[1])) == ["table"]
    define(workspace, "@asset\ndef table():\n    return [7]\n", dict(space))
    workspace.materialize()
    assert workspace.value("report") == 7


def test_a_helper_and_the_body_may_read_the_same_asset(workspace: Workspace) -> None:
    """One as a parameter and one by name, each with a value of its own."""
    space = define(
        workspace,
        """
        @asset
        def table():
            return [3, 1]

        def total():
            table.append(100)
            return sum(table)

        @asset
        def report(table):
            return (total(), len(table))
        """,
    )
    space.pop("table")
    workspace.materialize()
    assert workspace.value("report") == (104, 2)


def test_a_watched_file_counts_by_its_content(workspace: Workspace, tmp_path: Path) -> None:
    """Writing other bytes makes it stale; touching the file does not."""
    file = tmp_path / "data.csv"
    file.write_text("1")
    define(workspace, "@asset(reads=['*.csv'])\ndef a():\n    return 1\n")
    workspace.materialize()
    os.utime(file, ns=(1, 1))
    assert states(workspace) == {"a": "fresh"}
    file.write_text("2")
    assert workspace.status("a").why == "file changed (*.csv)"


def test_a_file_rewritten_within_its_clock_tick_is_seen(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Equal size and equal times are no proof while the file is new."""
    file = tmp_path / "data.csv"
    file.write_text("1")
    define(workspace, "@asset(reads=['data.csv'])\ndef a():\n    return 1\n")
    before = os.stat(file).st_mtime_ns
    workspace.materialize()
    file.write_text("2")
    os.utime(file, ns=(before, before))
    assert states(workspace) == {"a": "stale"}


def test_always_runs_every_time(workspace: Workspace) -> None:
    """It is never up to date, and its result is nobody's to adopt."""
    define(
        workspace, "@asset(always=True)\ndef a():\n    return 1\n@asset\ndef b():\n    return 1\n"
    )
    workspace.materialize()
    again = workspace.materialize()
    assert words(again.materialized) == ["a"]


def test_a_restored_result_keeps_its_age(workspace: Workspace) -> None:
    """Where an age is limited, nothing older is taken over."""
    define(workspace, "@asset(max_age=3600)\ndef a():\n    return 1\n")
    workspace.materialize()
    define(workspace, "@asset(max_age=3600)\ndef a():\n    return 2\n")
    workspace.materialize()
    define(workspace, "@asset(max_age=3600)\ndef a():\n    return 1\n")
    assert words(workspace.materialize().materialized) == ["a"]


def test_too_old_runs_again(workspace: Workspace) -> None:
    """With an age limit of nothing every run makes it anew."""
    define(workspace, "@asset(max_age=0.0)\ndef a():\n    return 1\n")
    workspace.materialize()
    assert words(workspace.materialize().materialized) == ["a"]


def test_what_is_weak_says_so_and_what_is_untracked_runs(workspace: Workspace) -> None:
    """A body that may read any name always runs."""
    define(workspace, "@asset\ndef a():\n    return eval('1 + 1')\n")
    workspace.materialize()
    assert workspace.status("a").state == "stale"
    assert words(workspace.materialize().materialized) == ["a"]


def test_no_content_makes_new_data_each_time(workspace: Workspace) -> None:
    """What hands nothing over can't be compared, so what is below runs again."""
    define(
        workspace,
        """
        @asset
        def table() -> None:
            pass

        @asset(deps=["table"])
        def below():
            return 1
        """,
    )
    workspace.materialize()
    assert set(states(workspace).values()) == {"fresh"}
    again = workspace.materialize("table", force=True)
    assert again.success
    assert states(workspace)["below"] == "stale"


def test_accepting_counts_as_fresh_until_the_next_change(workspace: Workspace) -> None:
    """A reason is needed, and data that changed can't be accepted."""
    define(workspace, CHAIN)
    workspace.materialize()
    define(workspace, "@asset\ndef doubled(raw):\n    return raw * 3\n")
    with pytest.raises(InvalidAcceptance, match="no reason"):
        workspace.accept("doubled", " ")
    workspace.accept("doubled", "only the log text changed")
    assert set(states(workspace).values()) == {"fresh"}
    define(workspace, "@asset\ndef raw():\n    return 4\n")
    workspace.materialize("raw")
    with pytest.raises(InvalidAcceptance, match="more than its code"):
        workspace.accept("doubled", "trust me")


def test_a_change_after_an_acceptance_is_explained(workspace: Workspace) -> None:
    """Against the code that was accepted, which never ran."""
    define(workspace, CHAIN)
    workspace.materialize()
    define(workspace, "@asset\ndef doubled(raw):\n    return raw * 3\n")
    workspace.accept("doubled", "only the log text changed")
    define(workspace, "@asset\ndef doubled(raw):\n    return raw * 4\n")
    diff = workspace.explain("doubled")[0].diff
    assert "-    return raw * 3" in diff
    assert "+    return raw * 4" in diff


def test_equal_names_below_different_prefixes_keep_their_values(workspace: Workspace) -> None:
    """A declared key decides; the last part alone says nothing."""
    define(
        workspace,
        """
        @asset(key=["a", "x"])
        def first():
            return 1

        @asset(key=["b", "x"])
        def second():
            return 2
        """,
    )
    workspace.materialize()
    assert (workspace.value("a/x"), workspace.value("b/x")) == (1, 2)
