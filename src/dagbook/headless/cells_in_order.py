"""Running a notebook's cells in order, as far as its definitions need them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import Any

from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.engine.current import workspace
from dagbook.errors.base import DagbookError
from dagbook.errors.definitions import DuplicateKey
from dagbook.errors.headless import CellRaised, CellRefused
from dagbook.graph.asset_graph import AssetGraph
from dagbook.headless.cell_faults import fault_of, raise_together
from dagbook.headless.judging import Judgement, Known, bound_names, judge
from dagbook.headless.magics import (
    TRANSPARENT,
    asset_names,
    cell_magic,
    defines,
    loads_assets,
    needs_shell,
    runs_command,
)
from dagbook.headless.notebook_file import Cell
from dagbook.headless.shell import EXPECTED_TO_RAISE, run_cell
from dagbook.records import dataclass

AnyKey = AssetKey | AssetCheckKey
Decorated = AssetsDefinition | AssetChecksDefinition


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A cell, or statements of it, that did not run, and why; `whole`: nothing of it ran."""

    where: str
    why: str
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CellUse:
    """A cell, what it defines, and its lines (first and last, from 1) that take Jupyter.

    They were left out, or ran by IPython alone: magics, and `commands`. `lost`: what they bind.
    """

    cell: Cell
    defines: tuple[AnyKey, ...]
    omitted: tuple[tuple[int, int], ...] = ()
    lost: frozenset[str] = frozenset()
    commands: bool = False


@dataclass(slots=True)
class CellsInOrder:
    """Runs the cells and remembers what was left out and who defined what.

    `trees` are the ordinary cells by id, magics turned into calls; `made` is where the definitions
    go that decorators make. `forgiving`: an ordinary cell that raises counts as left out.
    """

    shell: Any
    trees: Mapping[str, ast.Module]
    cells: tuple[Cell, ...]
    made: list[Decorated]
    forgiving: bool = False
    left_out: list[LeftOut] = field(default_factory=list)
    _dropped: dict[str, frozenset[int]] = field(default_factory=dict)
    _appeared: dict[str, frozenset[str]] = field(default_factory=dict)
    _named: frozenset[str] = frozenset()
    _left: dict[str, str] = field(default_factory=dict)
    _faults: list[DagbookError] = field(default_factory=list)
    _owners: dict[AnyKey, tuple[Cell, object]] = field(default_factory=dict)

    def run(self) -> None:
        """Run all cells; raises what is wrong with them, together where that is known."""
        self._named = frozenset(name for cell in self.cells for name in asset_names(cell.text))
        for cell in self.cells:
            if defines(cell.text):
                self._run(cell)
            elif cell.id in self.trees:
                self._ordinary(cell, self.trees[cell.id])
        raise_together(self._faults)

    def uses(self) -> Iterator[CellUse]:
        """The cells with what each of them defines, and what of it takes Jupyter.

        What the notebook has forgotten since is nobody's.
        """
        known = _definitions(workspace().graph)
        for cell in self.cells:
            tree = self.trees.get(cell.id, ast.Module([], []))
            dropped = self._dropped.get(cell.id, frozenset())
            places = range(len(tree.body))
            omitted = {each for each in places if each in dropped or needs_shell(tree.body[each])}
            kept = bound_names(tree.body, set(places) - omitted)
            lost = bound_names(tree.body, omitted)
            by_magic = omitted or cell_magic(cell.text) in TRANSPARENT
            if by_magic and not any(map(_imports_all, tree.body)):
                lost |= self._appeared.get(cell.id, frozenset())
            found = [key for key, (owner, _) in self._owners.items() if owner is cell]
            yield CellUse(
                cell=cell,
                defines=tuple([key for key in found if key in known]),
                omitted=tuple([_lines(cell, tree.body[each]) for each in sorted(omitted)]),
                lost=frozenset(lost - kept),
                commands=runs_command(tree),
            )

    def missing_variables(self) -> Iterator[str]:
        """A sentence for each asset or check that reads a variable of a cell that was left out."""
        graph = workspace().graph
        for key, definition in _definitions(graph).items():
            if not isinstance(definition, AssetsDefinition | AssetChecksDefinition):
                continue
            for name in sorted(
                definition.candidates & self._left.keys() - self.shell.user_ns.keys()
            ):
                if not graph.named(name):
                    yield (
                        f"`{key}` reads `{name}`, which {self._left[name]} computes from an asset "
                        f"and which was left out: make `{name}` an asset."
                    )

    def _ordinary(self, cell: Cell, tree: ast.Module) -> None:
        begun = self._loaded_first(cell, tree)
        found = self._judged(tree)
        self._dropped[cell.id] = found.dropped
        if found.reasons:
            whole = len(found.dropped) == len(tree.body)
            why = "; ".join(found.reasons)
            self.left_out.append(LeftOut(where=cell.where, why=why, whole=whole))
        if len(found.dropped | begun) < len(tree.body):
            self._run(cell, found.dropped | begun)
        for name in found.kept_names:
            self._left.pop(name, None)
        for name in found.left_names:
            self._left[name] = cell.where
            # An earlier value would be taken for the one that was not made.
            self.shell.user_ns.pop(name, None)

    def _loaded_first(self, cell: Cell, tree: ast.Module) -> frozenset[int]:
        """Run a cell as far as it loads definitions of modules, which the rest of it may read."""
        every = range(len(tree.body))
        last = max([place for place in every if loads_assets(tree.body[place])], default=-1)
        if not 0 <= last < every[-1]:
            return frozenset()
        self._run(cell, self._judged(tree).dropped.union(every[last + 1 :]))
        return frozenset(every[: last + 1])

    def _judged(self, tree: ast.Module) -> Judgement:
        known = Known(is_asset=self._is_asset, namespace=self.shell.user_ns, left=self._left)
        return judge(tree, known)

    def _is_asset(self, name: str) -> bool:
        now = workspace()
        kept = AssetKey(name) in now.history_of.current
        return name in self._named or kept or bool(now.graph.named(name))

    def _run(self, cell: Cell, dropped: frozenset[int] = frozenset()) -> None:
        self.made.clear()
        before = set(self.shell.user_ns)
        result = run_cell(self.shell, cell, dropped)
        new = self.shell.user_ns.keys() - before
        self._appeared[cell.id] = self._appeared.get(cell.id, frozenset()) | new
        error = result.error_before_exec or result.error_in_exec
        if error is not None and EXPECTED_TO_RAISE not in cell.tags:
            compiling = result.error_before_exec is not None
            self._failed(cell, fault_of(cell, error, self.shell.user_ns, compiling=compiling))
        elif error is None:
            self._faults += self._refused(cell)
        now = workspace()
        # Whatever the notebook sets, defining must not run anything here.
        now.settings = replace(now.settings, on_define="register")
        self._owned(cell, now.graph)

    def _refused(self, cell: Cell) -> Iterator[DagbookError]:
        """What decorators of the cell made and the graph did not take.

        They are taken after the cell's end, so that a refusal is only shown, as the last thing.
        """
        known = _definitions(workspace().graph)
        for made in self.made:
            own = getattr(made.op.fn, "__globals__", None) is self.shell.user_ns
            if own and not known.keys() & _keys(made):
                shown = self.shell.display_pub.outputs
                told = shown[-1]["data"].get("text/plain", "") if shown else ""
                reason = told or f"{made!r} was refused."
                yield CellRefused(place=cell.place(made.op.origin.line), reason=reason)

    def _failed(self, cell: Cell, fault: DagbookError) -> None:
        """Go on after a definition that is refused; what else failed would only make more errors."""
        if self.forgiving and not defines(cell.text):
            said = str(fault).splitlines()
            self.left_out.append(LeftOut(where=cell.where, why=said[0], whole=False))
            return
        self._faults.append(fault)
        if not defines(cell.text) or isinstance(self._faults[-1], CellRaised):
            raise_together(self._faults)

    def _owned(self, cell: Cell, graph: AssetGraph) -> None:
        for key, definition in _definitions(graph).items():
            owner, before = self._owners.get(key, (cell, definition))
            if before is not definition and owner is not cell:
                twice = DuplicateKey(name=str(key), first=owner.place(), second=cell.place())
                self._faults.append(twice)
            self._owners[key] = (cell if before is not definition else owner, definition)


def _definitions(graph: AssetGraph) -> dict[AnyKey, object]:
    """What was written for each asset and check that something declares."""
    found: dict[AnyKey, object] = {
        key: node.definition or node.spec for key, node in graph.nodes.items() if node.declared
    }
    found.update({key: check.definition for key, check in graph.checks.items()})
    return found


def _lines(cell: Cell, statement: ast.stmt) -> tuple[int, int]:
    """The lines of a statement, from 1; of what `%%time` measures, all."""
    text = cell.text.splitlines()
    if cell_magic(cell.text) in TRANSPARENT:
        return 1, len(text)
    first = min([statement.lineno, *[d.lineno for d in getattr(statement, "decorator_list", [])]])
    last = statement.end_lineno or statement.lineno
    while last < len(text) and text[last - 1].endswith("\\"):
        last += 1  # a command on several lines
    return first, last


def _imports_all(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*"


def _keys(made: Decorated) -> set[AnyKey]:
    return {spec.key for spec in made.specs}
