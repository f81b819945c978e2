"""How a notebook stands, told anew only where something changed."""

from __future__ import annotations

import tempfile

from hypothesis import given, settings
from hypothesis import strategies as st

from dagbook import AssetKey, Workspace, asset, asset_check
from dagbook.comm.describing import Describer, Standing, difference

NAMES = ("a", "b", "c", "d")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("define"), st.sampled_from(NAMES), st.sampled_from(["", *NAMES])),
        st.tuples(st.just("check"), st.sampled_from(NAMES), st.just("")),
        st.tuples(st.just("forget"), st.sampled_from(NAMES), st.just("")),
        st.tuples(st.just("run"), st.sampled_from(NAMES), st.just("")),
        st.tuples(st.just("start"), st.sampled_from(NAMES), st.just("")),
    ),
    max_size=12,
)


def act(workspace: Workspace, running: set[AssetKey], step: tuple[str, str, str]) -> None:
    """Do one thing that changes how something stands."""
    what, name, other = step
    known = AssetKey(name) in workspace.graph and workspace.graph.nodes[AssetKey(name)].declared
    if what == "define":
        deps = [other] if other and other != name else []
        workspace.define(asset(name=name, deps=deps)(lambda: len(name + other)))
    elif what == "check" and known:
        workspace.define(asset_check(asset=name, name="sound")(lambda: True))
    elif what == "forget" and known:
        workspace.forget(name)
    elif what == "run" and known and not workspace.graph.has_cycle:
        workspace.materialize(name, raise_on_error=False)
    elif what == "start":
        running ^= {AssetKey(name)}


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_what_is_kept_from_before_is_what_would_be_told_now(
    steps: list[tuple[str, str, str]],
) -> None:
    """After any history, one that followed it tells what one that looks for the first time tells."""
    running: set[AssetKey] = set()
    follows, page = Describer(), Standing()
    with tempfile.TemporaryDirectory() as folder, Workspace(folder) as workspace:
        for number, step in enumerate(steps):
            act(workspace, running, step)
            _, standing = workspace.observe(passive=True)
            graph = workspace.graph
            cells = {str(key): (key,) for key in graph.keys}
            told, fresh = (
                Standing(
                    assets=one.assets(graph, standing, running),
                    cells=one.cells(cells, {}, graph),
                )
                for one in (follows, Describer())
            )
            assert told == fresh
            page = after(page, told, number)
            assert page == fresh


def after(page: Standing, now: Standing, number: int) -> Standing:
    """What a page knows that knew this before, and took in the message about the difference."""
    message = difference(page, now, number)
    if message is None:
        return page
    assets = {**page.assets, **{each.key: each for each in message.assets}}
    cells = {**page.cells, **{each.id: each for each in message.cells}}
    return Standing(
        assets={id: one for id, one in assets.items() if id not in message.goneassets},
        cells={id: one for id, one in cells.items() if id not in message.gonecells},
    )


def test_nothing_new_costs_no_description() -> None:
    """Where nothing has changed the very same is told, which is seen at once."""
    with tempfile.TemporaryDirectory() as folder, Workspace(folder) as workspace:
        workspace.define(asset(name="a")(lambda: 1))
        describer = Describer()
        graph, cells = workspace.graph, {"one": (AssetKey("a"),)}
        first = describer.assets(graph, workspace.standing(), ())
        assert describer.assets(graph, workspace.standing(), ()) is first
        assert describer.cells(cells, {}, graph) is describer.cells(dict(cells), {}, graph)


def test_only_cells_that_ran_are_told_with_their_versions_again() -> None:
    """Of two cells that come from assets, the message about a change names the one that ran."""
    describer, one, two = Describer(), {AssetKey("a"): "1"}, {AssetKey("a"): "1"}
    first = Standing(madewith=describer.made_with({"one": one, "two": two}))
    again = Standing(madewith=describer.made_with({"one": one, "two": {}}))
    message = difference(first, again, 2)
    assert message is not None
    assert [(each.cell, each.assets) for each in message.madewith] == [("two", ())]
