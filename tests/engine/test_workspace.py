"""The workspace: its graph, its values, its history, and who listens."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from dagbook.definitions.decorators import asset
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.specs import AssetSpec
from dagbook.engine.once import materialize
from dagbook.engine.workspace import Workspace
from dagbook.errors.definitions import DuplicateKey, InvalidGraph, UnknownAsset
from dagbook.errors.execution import ValueMissing
from dagbook.errors.store import ReadOnlyStore, StoreError
from tests.engine.typed import define, states, words

PAIR = "@asset\ndef a():\n    return {}\n@asset\ndef b(a):\n    return a + 1\n"


def test_values_and_earlier_versions(workspace: Workspace) -> None:
    """Each materialization keeps its own."""
    for number in (1, 2):
        define(workspace, PAIR.format(number))
        workspace.materialize()
    newest, oldest = workspace.history("b")
    assert workspace.value("b") == workspace.value("b", version=newest.id) == 3
    assert workspace.value("b", version=oldest.id) == 2
    with pytest.raises(ValueMissing, match="no kept version 'x'"):
        workspace.value("b", version="x")


def test_a_value_that_was_never_made_is_missing(workspace: Workspace) -> None:
    """The error says what to type."""
    define(workspace, PAIR.format(1))
    with pytest.raises(ValueMissing, match="%materialize a"):
        workspace.value("a")
    with pytest.raises(UnknownAsset):
        workspace.value("nothing")


def test_every_reader_gets_a_value_of_its_own(workspace: Workspace) -> None:
    """Changing one changes nothing else."""
    define(workspace, "@asset\ndef a():\n    return [1]\n")
    workspace.materialize()
    workspace.value("a").append(2)
    assert workspace.value("a") == [1]


def test_forgetting_leaves_values_for_who_comes_back(workspace: Workspace) -> None:
    """The key is gone from the graph, its results are restored with it."""
    define(workspace, PAIR.format(1))
    workspace.materialize()
    workspace.forget("b")
    with pytest.raises(UnknownAsset):
        workspace.status("b")
    define(workspace, PAIR.format(1))
    assert words(workspace.materialize().restored) == ["b"]


def test_keys_are_unique_without_regard_to_case(workspace: Workspace) -> None:
    """Also within one call; a refused definition changes nothing."""
    define(workspace, "@asset\ndef orders():\n    return 1\n")
    with pytest.raises(DuplicateKey, match="Orders` differs only by case from `orders`"):
        define(workspace, "@asset\ndef Orders():\n    return 1\n")
    with pytest.raises(DuplicateKey):
        workspace.define(asset(name="x")(lambda: 1), asset(name="X")(lambda: 1))
    assert words(workspace.graph.keys) == ["orders"]


def test_the_selection_is_a_name_in_expressions(workspace: Workspace) -> None:
    """And goes with what is forgotten."""
    define(workspace, PAIR.format(1))
    workspace.set_selected(workspace.select("a"))
    assert words(workspace.select("is:selected+")) == ["a", "b"]
    workspace.forget("a")
    assert workspace.selected == frozenset()


def test_listeners_hear_events_and_cannot_stop_them(workspace: Workspace) -> None:
    """One that raises is logged; one that was taken away hears nothing."""
    heard: list[str] = []

    def broken(_events: object) -> None:
        raise ValueError

    workspace.subscribe(broken)
    end = workspace.subscribe(lambda events: heard.extend(type(one).__name__ for one in events))
    define(workspace, "@asset\ndef a():\n    return 1\n")
    workspace.materialize()
    end()
    workspace.materialize(force=True)
    assert heard == ["RunStarted", "CodeSeen", "StepStarted", "Materialized", "RunFinished"]


def test_what_changed_is_explained_with_a_diff(workspace: Workspace) -> None:
    """The part that changed, with the line."""
    define(workspace, PAIR.format(1))
    workspace.materialize()
    define(workspace, PAIR.format(2))
    (change,) = workspace.explain("a")
    assert "return 2" in change.diff
    assert workspace.explain("b") == ()


def test_threads_do_not_lose_definitions(workspace: Workspace) -> None:
    """Defining while others define and look."""

    def some(start: int) -> None:
        for number in range(start, start + 20):
            define(workspace, f"@asset\ndef a{number}():\n    return {number}\n")
            workspace.statuses()

    threads = [threading.Thread(target=some, args=(100 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(workspace.graph.keys) == 80


@pytest.mark.parametrize(
    "parts",
    [
        ["..", "..", "etc"],
        ["a/b"],
        ["a", "b"],
        ["a b\n'; DROP TABLE runs; --"],
        ["ä" * 300],
        ["\udcff"],
        ["CON"],
        ["[1]"],
        ["a.b", "*", "\0"],
    ],
)
def test_hostile_keys_stay_what_they_are(tmp_path: Path, parts: list[str]) -> None:
    """Where the API lets them in at all, they are kept and found, and write nowhere else."""
    source = AssetSpec(AssetKey(parts))
    made = asset(name="reader", deps=[source])(lambda: list(range(50_000)))
    with Workspace(tmp_path / "store") as workspace:
        workspace.define(source, made)
        assert workspace.materialize().success
    with Workspace(tmp_path / "store") as workspace:
        workspace.define(source, made)
        assert workspace.materialize().materialized == []
        assert workspace.history("reader")[0].inputs[0].key == AssetKey(parts)
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_a_run_leaves_no_value_without_its_input(workspace: Workspace) -> None:
    """An external asset has no value to read, and the error says so before anything else runs."""
    workspace.define(AssetSpec(AssetKey("outside")))
    define(workspace, "@asset\ndef reader(outside):\n    return outside\n")
    with pytest.raises(ValueMissing, match="`outside`, which `reader` reads, is external"):
        workspace.materialize()


def test_dangling_inputs_are_legal_until_something_is_planned(workspace: Workspace) -> None:
    """Definitions may come in any order."""
    define(workspace, "@asset\ndef b(a):\n    return a\n")
    assert states(workspace)["b"] == "missing"
    with pytest.raises(InvalidGraph):
        workspace.plan()
    define(workspace, "@asset\ndef a():\n    return 1\n")
    assert workspace.materialize().success


def test_materializing_once_always_runs_and_keeps_nothing(tmp_path: Path) -> None:
    """Unless a workspace is given."""
    made = asset(name="a")(lambda: 1)
    for _ in range(2):
        assert words(materialize([made]).materialized) == ["a"]
    with Workspace(tmp_path) as workspace:
        materialize([made], workspace=workspace)
        result = materialize([made], workspace=workspace)
        assert (words(result.materialized), len(workspace.history("a"))) == (["a"], 2)


def test_a_place_that_cannot_hold_a_store_is_refused(tmp_path: Path) -> None:
    """A file in the way, or a folder of the system that takes no files."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="file"):
        Workspace(tmp_path / "file")
    with pytest.raises((ReadOnlyStore, StoreError)):
        Workspace("/proc/nowhere")


def test_a_kept_value_is_read_without_its_definition(tmp_path: Path) -> None:
    """By name and scope, as another process would; an unknown name says where it was looked for."""
    with Workspace(tmp_path, scope="sales.ipynb") as notebook:
        notebook.define(asset(name="orders")(lambda: [1, 2]))
        notebook.materialize()
    with Workspace(tmp_path, scope="sales.ipynb") as script:
        assert script.kept_value("orders") == [1, 2]
    with (
        Workspace(tmp_path, scope="other.ipynb") as other,
        pytest.raises(ValueMissing, match=r"in the scope 'other.ipynb'.*Workspace\(scope"),
    ):
        other.kept_value("orders")


@pytest.mark.parametrize("told", [True, False])
def test_what_changed_is_known_after_the_store_is_closed_where_it_was_told(
    workspace: Workspace, told: bool
) -> None:
    """It is looked up when it is told first; later there is only that something did."""
    space = define(workspace, "RATE = 1\n@asset\ndef a():\n    return RATE\n")
    workspace.materialize()
    space["RATE"] = 2
    status = workspace.status("a")
    if told:
        assert status.why
    workspace.store.close()
    assert status.why == ("constant RATE changed: 1 → 2" if told else "code changed")
