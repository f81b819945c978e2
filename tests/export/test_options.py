"""Every option of the magics that define: the plain module declares what the cell declares."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from dagbook.cells.graph_magics import GRAPH_ASSET, GRAPH_MULTI_ASSET, MULTI_ASSET, OP
from dagbook.cells.magics import ASSET, ASSET_CHECK
from dagbook.engine.workspace import Workspace
from dagbook.export.writing import export_notebook
from dagbook.graph.asset_graph import AssetGraph
from dagbook.headless.preparing import open_notebook
from tests.cli.program import write

ONE = "%%asset a\n1"
HALVES = "%%op halves(n) --out x,y --description D --retries 3 --delay 2s\nx = n\ny = n + 1"
KEPT = "import dagbook as dg\nkept = dg.InMemoryIOManager()"
LIMIT = "limit = 2\ndefs = dg.Definitions(resources={'r': 1, 'other': dg.InMemoryIOManager()})"
CASES = (
    (ONE, "%%asset b --deps a --group g --kind k,l --tag t=u --owner me@x.y --owner team:z\n1"),
    (ONE, "%%asset p/b --ins v=a --description 'what it is' --reads *.csv --reads x/*.txt\nv + 1"),
    ("%%asset b --retries 2 --delay 1s --timeout 5m --code-version v1\n1",),
    ("%%asset b --always\n1", "%%asset c --max-age 1h --lazy\n'Its text.'\n2", "%%asset d\n3"),
    ("%%asset b --max-age 0s --retries 0\n1",),
    ("%%asset b\n#| group: g\n#| kind: k\n#| timeout: 3s\n1",),
    (KEPT, LIMIT, "%%asset b --io kept\nlimit", "%%asset c --io other\nb"),
    (KEPT, LIMIT, "%%asset b\ncontext.resources.r", "%%asset_check c --asset b\nb == 1"),
    (KEPT, LIMIT, ONE, "%%asset_check c\ncontext.resources.r == a"),
    ("%%asset e --external --reads x.csv --max-age 1d --kind k --group g --description D",),
    ("%%asset e --external --always --tag t=u --owner team:z\nhttps://x.org/a\n*.csv",),
    ("%%asset q --sql --as polars --timeout 1m --retries 1 --kind k --deps a\nselect 1 as n", ONE),
    (KEPT, "%%asset q --sql --io kept --reads *.csv --max-age 1h\nselect now() as n"),
    (ONE, "%%asset q --sql --ins v=a\n#| description: D\nselect $v as n"),
    (ONE, "%%asset_check c --asset a --blocking\nTrue", "%%asset_check d --severity warn\na > 0"),
    (
        "%%asset q --sql\nselect 1 as n",
        "%%asset_check c --sql --severity error\nfrom q where n > 1",
    ),
    (ONE, "%%multi_asset b p/c --group g --retries 1 --delay 1m --lazy\n'Both.'\nb = a\nc = 2"),
    ("%%multi_asset b c --can-subset\nb = 1",),
    (ONE, HALVES, "%%graph_asset b --group g --lazy\n'What.'\nhalves(a)[0]"),
    (ONE, HALVES, "%%graph_multi_asset b p/c --group g --can-subset --lazy\nb, c = halves(a)"),
)


@pytest.mark.parametrize("cells", CASES, ids=[cells[-1].partition("\n")[0] for cells in CASES])
def test_the_module_declares_what_the_cells_declare(cells: tuple[str, ...], tmp_path: Path) -> None:
    """Labels, upkeep, retries, limits of time, managers, resources, severities, inputs."""
    with open_notebook(write(tmp_path / "n.ipynb", *cells), {}) as notebook:
        export_notebook(notebook.path, tmp_path / "p.py", notebook.workspace, notebook.cells)
        expected = declared(notebook.workspace.graph)
    module = runpy.run_path(str(tmp_path / "p.py"))
    with Workspace(tmp_path / "kept", scope="p") as workspace:
        workspace.define(*module["DEFINITIONS"])
        assert declared(workspace.graph) == expected


@pytest.mark.parametrize(
    "magic",
    [ASSET, ASSET_CHECK, MULTI_ASSET, OP, GRAPH_ASSET, GRAPH_MULTI_ASSET],
    ids=lambda magic: magic.magic,
)
def test_the_table_has_every_option(magic: Any) -> None:
    """So that a new one is not forgotten."""
    lines = [cell.partition("\n")[0] + " " for cells in CASES for cell in cells]
    headers = [line for line in lines if line.startswith(f"{magic.magic} ")]
    assert [option.flag for option in magic.options if not _used(option.flag, headers)] == []


def _used(flag: str, headers: list[str]) -> bool:
    return any(f" {flag} " in header for header in headers)


def declared(graph: AssetGraph) -> dict[str, Any]:
    """All that definitions say, apart from their code."""
    found: dict[str, Any] = {str(key): _of_check(node) for key, node in graph.checks.items()}
    return found | {str(key): _of_asset(node) for key, node in graph.nodes.items()}


def _of_asset(node: Any) -> list[Any]:
    spec, made = node.spec, node.definition
    said = [spec.deps, spec.description, spec.group_name, spec.kinds, dict(spec.tags), spec.owners]
    said += [dict(spec.metadata), spec.code_version, spec.io_manager_key, spec.skippable]
    if made is None:
        return said
    upkeep = made.upkeep
    # A query of the clock is never fresh: a cell's by what its query says, a module's declared.
    always = upkeep.always or bool(getattr(node.op.fn, "moments", ()))
    return [*said, upkeep.reads, always, upkeep.max_age, made.can_subset, *_of_op(node)]


def _of_check(node: Any) -> list[Any]:
    made = node.definition
    return [made.severity, [spec.blocking for spec in made.specs], node.key, *_of_op(node)]


def _of_op(node: Any) -> list[Any]:
    op, inner = node.op, [each.op for each in getattr(node.op.fn, "nodes", ())]
    inputs = {one.name: one.key for one in node.inputs}
    policies = [(each.name, each.retry_policy, each.description) for each in inner]
    return [inputs, op.retry_policy, op.timeout, op.needs.names, policies]
