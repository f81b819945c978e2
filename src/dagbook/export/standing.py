"""How a notebook's assets and checks stand in the store, ready to be shown."""

from __future__ import annotations

from collections.abc import Iterable

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.results import NO_VALUE
from dagbook.engine.showing import value_to_show
from dagbook.engine.workspace import Workspace
from dagbook.errors.base import DagbookError
from dagbook.views.checks import check_table
from dagbook.views.dag import Scene, dag_view
from dagbook.views.parts import DagView
from dagbook.views.preview import Preview, preview
from dagbook.views.states import LOOKS, state_word
from dagbook.views.svg import WHEN, svg_of
from dagbook.views.tables import TableView


class Standing:
    """What is kept, looked at once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._statuses = workspace.standing()

    @property
    def graph(self) -> DagView:
        """The whole graph, nothing of it folded."""
        scene = Scene(
            statuses=self._statuses.assets, checks=self._statuses.checks, folded=frozenset()
        )
        return dag_view(self._workspace.graph, scene)

    @property
    def picture(self) -> str:
        """The graph as an SVG element, which says that it shows what is kept."""
        return svg_of(self.graph).replace(WHEN, "state in the store")

    def line(self, key: AssetKey) -> str:
        """The state of an asset with its sign, and why it is not fresh."""
        status = self._statuses.assets[key]
        word = state_word(status)
        why = f": {status.why}" if status.why else ""
        return f"{LOOKS[word].sign} {key}, {word}{why}"

    def value(self, key: AssetKey) -> Preview | None:
        """The kept value, if there is one that counts."""
        record = self._statuses.assets[key].materialization
        try:
            value = value_to_show(self._workspace, key, record)
        except DagbookError as error:
            return Preview(html="", text=error.title)
        return None if value is NO_VALUE else preview(value)

    def checks(self, keys: Iterable[AssetCheckKey]) -> TableView | None:
        """The verdicts of these checks as a table; None where there are none."""
        found = [self._statuses.checks[key] for key in keys if key in self._statuses.checks]
        return check_table(found) if found else None
