"""What the kernel tells the pages, and what it does for them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dagbook import (
    AssetKey,
    AssetOut,
    AssetSpec,
    Output,
    Workspace,
    asset,
    asset_check,
    multi_asset,
)
from dagbook.comm.codec import encode
from dagbook.comm.conversation import LOOK
from dagbook.comm.messages import (
    Cancel,
    CellText,
    Edit,
    Edits,
    ForgetCells,
    LookAgain,
    MadeWith,
    Materialize,
    OpenPanel,
    RecallCells,
    Rename,
)
from tests.comm.talking import Cells, Page


@asset
def orders() -> list[int]:
    return [1, 2]


@asset(name="orders")
def other_orders() -> list[int]:
    return [1, 2, 3]


@asset
def totals(orders: list[int]) -> int:
    return sum(orders)


@asset
def slow() -> int:
    time.sleep(60)
    return 1


@asset_check(asset=orders)
def many(orders: list[int]) -> bool:
    return len(orders) > 5


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(tmp_path) as opened:
        opened.define(orders, totals)
        yield opened


@pytest.fixture
def page(workspace: Workspace) -> Iterator[Page]:
    shown = Page(workspace, Cells({"one": (AssetKey("orders"),)}, {"one": "digest"}))
    yield shown
    shown.talk.close()


def test_a_page_that_attaches_hears_everything(page: Page) -> None:
    """The first message about how things stand is whole, with assets, inputs and cells."""
    page.attach()
    state = page.wait(lambda: next(iter(page.states()), None))
    assert state.whole
    assert [(each.key, each.state, each.inputs) for each in state.assets] == [
        ("orders", "missing", ()),
        ("totals", "missing", ("orders",)),
    ]
    assert [(cell.id, cell.digest, cell.assets) for cell in state.cells] == [
        ("one", "digest", ("orders",))
    ]


def test_nothing_is_told_to_nobody(page: Page, workspace: Workspace) -> None:
    """Where no page is there, no work is done for one."""
    workspace.materialize()
    time.sleep(0.3)
    assert page.heard == []


def test_later_messages_tell_what_differs(page: Page, workspace: Workspace) -> None:
    """After a run of one asset, only those are told that stand otherwise."""
    page.attach()
    page.asset("totals", state="missing")
    workspace.materialize("orders")
    page.asset("orders", state="fresh")
    last = page.states()[-1]
    assert not last.whole
    assert "orders" in {each.key for each in last.assets}
    assert [each.number for each in page.states()] == list(range(1, len(page.states()) + 1))


def test_what_another_process_makes_is_told(page: Page, workspace: Workspace) -> None:
    """A run that was started elsewhere shows a moment later, without anything being run here."""
    page.attach()
    page.asset("totals", state="missing")
    with Workspace(workspace.store.folder.root, scope=workspace.scope) as other:
        other.define(orders, totals)
        other.materialize()
        page.asset("totals", state="fresh")


def test_nobody_looks_elsewhere_while_a_cell_runs(page: Page, workspace: Workspace) -> None:
    """A running cell is left in peace; what happened meanwhile is told after it."""
    page.attach()
    page.asset("totals", state="missing")
    page.cells.is_busy = True
    with Workspace(workspace.store.folder.root, scope=workspace.scope) as other:
        other.define(orders, totals)
        other.materialize()
        time.sleep(2.5 * LOOK)
        assert page.assets()["totals"].state == "missing"
        page.cells.is_busy = False
        page.asset("totals", state="fresh")


def test_an_older_extension_is_told_so(page: Page) -> None:
    """Versions that do not understand each other say so, and nothing else is told."""
    answer = page.attach(protocol=0)
    assert answer.problem is not None
    assert "JupyterLab runs dagbook 0.9, this kernel dagbook 1.0" in answer.problem
    assert page.states() == []


def test_a_message_of_no_shape_is_answered(page: Page) -> None:
    """What is no message is refused by an answer to its request."""
    page.talk.hear({"type": "materialize", "request": "7", "assets": "all", "reach": "this"})
    assert "materialize.assets" in (page.answer("7").problem or "")


def test_a_run_goes_on_in_the_background(page: Page) -> None:
    """With upstream, what it waits for is made too; the answer comes at the end."""
    page.attach()
    answer = page.ask(Materialize(request="run", assets=("totals",), reach="upstream"))
    assert answer.problem is None
    assert page.asset("totals", state="fresh").seconds is not None
    assert page.asset("orders", state="fresh").why == ""


def test_the_warnings_of_a_run_are_told(page: Page, workspace: Workspace) -> None:
    """A page that asked for a run hears of them, which else stand below no cell."""

    @multi_asset(outs={"one": AssetOut(), "two": AssetOut()}, can_subset=True)
    def both() -> Iterator[Output[int]]:
        yield Output(1, "one")
        yield Output(2, "two")

    workspace.define(both)
    page.attach()
    answer = page.ask(Materialize(request="run", assets=("one",), reach="this"))
    assert answer.problem is None
    assert "`two` was materialized although it was not selected" in answer.result


def test_an_unknown_asset_is_told(page: Page) -> None:
    """A request for what is not there is answered with a problem."""
    answer = page.ask(Materialize(request="run", assets=("nobody",), reach="this"))
    assert answer.problem == "No asset is named `nobody`."


def test_a_run_can_be_cancelled(page: Page, workspace: Workspace) -> None:
    """Cancel reaches a run at once, and the run can be cancelled no longer."""
    workspace.define(slow)
    page.attach()
    page.talk.hear({"type": "materialize", "request": "run", "assets": ["slow"], "reach": "this"})
    page.asset("slow", state="running")
    page.ask(Cancel(request="stop"))
    page.answer("run")
    page.asset("slow", state="missing")
    page.wait(lambda: True if page.states()[-1].runs == () else None)


def test_a_failing_check_is_told_with_its_words(page: Page, workspace: Workspace) -> None:
    """The verdict of a check stands beside its asset."""
    workspace.define(many)
    page.attach()
    workspace.materialize()
    page.asset("orders", state="fresh")
    check = page.wait(lambda: next(iter(page.assets()["orders"].checks), None))
    assert (check.name, check.verdict) == ("many", "failed")


def test_a_deleted_cell_is_forgotten_and_recalled(page: Page, workspace: Workspace) -> None:
    """What a deleted cell defines leaves the graph, and comes back with the cell, still fresh."""
    workspace.materialize()
    page.attach()
    assert page.ask(ForgetCells(request="1", cells=("one", "other"))).result == "orders"
    page.asset("orders", state="undefined")
    assert page.ask(RecallCells(request="2", cells=("one",))).result == "orders"
    page.asset("orders", state="fresh")
    assert page.cells.cells["one"] == (AssetKey("orders"),)


def test_a_recalled_cell_is_as_stale_as_it_was(page: Page, workspace: Workspace) -> None:
    """Also when the log is read anew: that the version was forgotten does not outlast the undo."""
    workspace.materialize()
    workspace.define(other_orders)
    page.attach()
    page.asset("orders", state="stale")
    page.ask(ForgetCells(request="1", cells=("one",)))
    page.ask(RecallCells(request="2", cells=("one",)))
    page.asset("orders", state="stale")
    workspace.history_of.reload()
    assert workspace.status("orders").state == "stale"
    assert "pinned" not in workspace.status("orders").flags


def test_a_recalled_cell_does_not_displace_a_newer_one(page: Page, workspace: Workspace) -> None:
    """Where another cell has defined the asset meanwhile, that one counts."""
    page.ask(ForgetCells(request="1", cells=("one",)))
    workspace.define(orders)
    assert page.ask(RecallCells(request="2", cells=("one",))).result == ""


def panel(request: str, asset: str | None = None, width: int = 300) -> OpenPanel:
    """A page's request for the graph in a place of this width."""
    return OpenPanel(request=request, asset=asset, width=width, height=700)


def test_the_panel_is_drawn_once(page: Page) -> None:
    """A page asks for the graph, with an asset chosen or without, and gets the widget's id."""
    assert page.ask(panel("1")).result == "model"
    assert page.ask(panel("2", "orders")).result == "model"
    assert page.shown.chosen == [AssetKey("orders")]


def test_the_panel_fills_its_place(page: Page) -> None:
    """The graph is told how large the place is that it is shown in, each time that changes."""
    page.ask(panel("1"))
    assert page.shown.size == (300, 700)
    page.ask(panel("2", width=420))
    assert page.shown.size == (420, 700)


def test_cancel_reaches_whatever_runs_in_the_background(page: Page, workspace: Workspace) -> None:
    """A run that a graph or a cell has begun is told of, and stopped too."""
    workspace.define(slow)
    page.attach()
    run = workspace.start("slow")
    page.wait(lambda: True if page.states() and page.states()[-1].runs == (run.run_id,) else None)
    page.ask(Cancel(request="2"))
    assert run.result(20).outcome == "cancelled"


def test_hostile_names_are_told_apart(workspace: Workspace, page: Page) -> None:
    """A key of markup is told as it is, and one with a slash in its name with an id of its own."""

    paths = (["<img src=x>"], ["a/b"])
    workspace.define(*(AssetSpec(AssetKey(path)) for path in paths))
    page.attach()
    page.asset('key:["a/b"]', state="external")
    assert "<img src=x>" in page.assets()


def shown(cell: str, version: str) -> MadeWith:
    """That a cell shows this version of `orders`."""
    return MadeWith(cell=cell, assets=("orders",), versions=(version,))


def test_what_a_page_shows_of_another_kernel_is_compared_with_what_is_kept(
    workspace: Workspace,
) -> None:
    """Other versions are outdated, also of what no cell has defined in this kernel yet."""
    workspace.materialize("orders")
    kept = workspace.history("orders")[0].data_version
    with Workspace(workspace.store.folder.root, scope=workspace.scope) as restarted:
        page = Page(restarted)
        page.attach(madewith=(shown("old", "other"), shown("new", kept)))
        state = page.wait(lambda: next(iter(page.states()), None))
        page.talk.close()
    assert [(each.cell, each.earlier) for each in state.outdated or ()] == [("old", ("orders",))]
    assert {each.cell: each.versions for each in state.madewith} == {
        "old": ("other",),
        "new": (kept,),
    }


def test_what_was_stale_before_a_restart_is_so_until_it_is_defined(workspace: Workspace) -> None:
    """The new kernel has no code to judge by; what the page saw last counts until it has."""
    workspace.materialize("orders")
    kept = workspace.history("orders")[0].data_version
    with Workspace(workspace.store.folder.root, scope=workspace.scope) as restarted:
        page = Page(restarted)
        page.attach(madewith=(shown("old", kept),), stale=("orders", "unknown"))
        state = page.wait(lambda: next(iter(page.states()), None))
        assert [(each.cell, each.stale) for each in state.outdated or ()] == [("old", ("orders",))]
        restarted.define(orders)
        page.asset("orders", state="fresh")
        assert page.states()[-1].outdated == ()
        page.talk.close()


def test_of_a_cell_that_has_run_the_kernel_knows_better(page: Page, workspace: Workspace) -> None:
    """A page that opens the file as it was saved before the run changes nothing for the others."""
    workspace.materialize("orders")
    orders_key = AssetKey("orders")
    page.cells.made_with["ran"] = {orders_key: "of now"}
    page.attach(madewith=(shown("ran", "of before"), shown("not", "of before")))
    assert page.cells.made_with == {"ran": {orders_key: "of now"}, "not": {orders_key: "of before"}}


def test_versions_of_unknown_assets_say_nothing(page: Page) -> None:
    """A store that has never held them can't tell whether they are still so."""
    page.attach(madewith=(shown("old", "1"),))
    state = page.wait(lambda: next(iter(page.states()), None))
    assert (state.outdated, state.madewith) == ((), ())


def test_a_renaming_is_told_as_edits(page: Page) -> None:
    """The edits count as the page does, in UTF-16 units; the kernel itself changes nothing."""
    cells = (CellText(id="x", text="'🙂', orders"), CellText(id="y", text="1"))
    page.talk.hear(encode(Rename(request="r", asset="orders", to="sales", cells=cells)))
    told = page.wait(lambda: next((m for m in page.heard if isinstance(m, Edits)), None))
    assert told.edits == (Edit(cell="x", start=6, end=12, text="sales"),)


@pytest.mark.parametrize(
    ("to", "problem"),
    [
        ("Totals", "`totals` is defined twice. Rename one of them."),
        ("a b", "`a b` can't be the name of an asset"),
        ("", "can't be the name of an asset"),
        ("lambda", "`lambda` can't be the name of an asset"),
    ],
)
def test_a_key_that_cannot_be_is_refused(page: Page, to: str, problem: str) -> None:
    """Nothing is renamed to what is no key, or the key of another asset."""
    told = page.ask(Rename(request="r", asset="orders", to=to, cells=()))
    assert problem in (told.problem or "")


def test_what_is_to_be_known_of_an_asset_is_told(page: Page, workspace: Workspace) -> None:
    """That an earlier version is pinned stands beside the state."""
    workspace.materialize("orders")
    workspace.pin("orders", workspace.history("orders")[0].id)
    page.attach()
    told = page.asset("orders", state="fresh")
    assert (told.flags, told.why) == (("pinned",), "pinned")


def test_whoever_comes_back_sees_what_changed_outside(
    page: Page, workspace: Workspace, tmp_path: Path
) -> None:
    """A page that asks for a look is told of files that are others by now; no cell has to run."""
    read = tmp_path / "read.csv"
    read.write_text("1")
    workspace.define(asset(name="rows", reads=[str(read)])(lambda: 1))
    workspace.materialize("rows")
    page.attach()
    page.asset("rows", state="fresh")
    read.write_text("one and two")
    assert page.ask(LookAgain(request="look")).problem is None
    page.asset("rows", state="stale")
