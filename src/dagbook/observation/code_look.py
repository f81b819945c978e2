"""Looks at the code of a graph again and again, and makes anew only the versions that may be others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import FunctionType

from dagbook.bulk import in_bulk
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.ops import OpDefinition
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.differing import Edition, differing
from dagbook.graph.nodes import AssetNode, CheckNode
from dagbook.versions.code import CodeVersion, Evaluation
from dagbook.versions.grounds import Grounds

AnyKey = AssetKey | AssetCheckKey
CodeGiven = Callable[[AssetNode | CheckNode], Mapping[str, object]]
_NO_CODE: Mapping[str, object] = {}


def nothing_given(_node: AssetNode | CheckNode) -> Mapping[str, object]:
    """That no computation uses resources."""
    return _NO_CODE


class CodeLook:
    """The code versions of one graph after another, for looks with one salt.

    A version is kept from look to look while its definition is the same and its grounds hold; one
    whose grounds can't be told is made anew at every look.
    """

    def __init__(self) -> None:
        self._begin()

    def _begin(self, packages: bool = False, surroundings: bytes = b"") -> None:
        self._graph = AssetGraph()
        self._packages = packages
        self._surroundings = surroundings
        self._versions: Edition[AnyKey, CodeVersion] = Edition()
        self._grounds: Grounds[AnyKey] = Grounds()
        self._groundless: dict[AnyKey, None] = {}
        # Those of whose code something is to be said.
        self.noted: dict[AnyKey, None] = {}

    def versions(
        self,
        graph: AssetGraph,
        evaluation: Evaluation,
        *,
        packages: bool = False,
        given: CodeGiven = nothing_given,
    ) -> Mapping[AnyKey, CodeVersion]:
        """The code version of every computation, as an evaluation that was just begun finds it.

        With `packages` the versions of the installed packages that it uses are part of it; `given`
        is the code of the resources that a computation uses, which counts like its own.
        """
        surroundings = evaluation.web.surroundings()
        others = packages or self._packages or evaluation.web.patched
        if others or surroundings != self._surroundings:
            self._begin(packages, surroundings)
        try:
            return self._look(graph, evaluation, given)
        except BaseException:
            # Nothing is taken over from a look that was interrupted.
            self._begin(packages)
            raise

    def _look(
        self, graph: AssetGraph, evaluation: Evaluation, given: CodeGiven
    ) -> Mapping[AnyKey, CodeVersion]:
        # In the order of the graph: what lies side by side in memory is then looked at together.
        others: list[AnyKey] = [
            *differing(graph.nodes, self._graph.nodes),
            *differing(graph.checks, self._graph.checks),
            *self._groundless,
            *self._grounds.moved(evaluation.web),
        ]
        if others:
            before, self._versions = self._versions, Edition(self._versions)
            again = dict.fromkeys(others) if before else {}
            for key in again:
                self._grounds.drop(key)
                self.noted.pop(key, None)
            nodes = _computations(graph, again) if before else _all_of(graph)
            with in_bulk():
                self._make(nodes, graph, evaluation, given)
            for key in again:
                if key not in graph.nodes and key not in graph.checks:
                    self._forget(key)
            self._grounds.settle()
            if 2 * len(nodes) < len(self._versions):
                self._versions.made_from(before, [*again, *[node.key for node in nodes]])
        self._graph = graph
        return self._versions

    def _make(
        self,
        nodes: Iterable[AssetNode | CheckNode],
        graph: AssetGraph,
        evaluation: Evaluation,
        given: CodeGiven,
    ) -> None:
        shared: dict[int, CodeVersion] = {}
        put, versions, groundless = self._grounds.put, self._versions, self._groundless
        noted = self.noted
        others = {*graph.checks, *graph.apart, *graph.several}
        for node in nodes:
            key, op = node.key, node.op
            plain = not others or key not in others
            if op is not None and plain and type(op.fn) is FunctionType:
                version = None if self._packages or op.code_options else put(key, op.fn, evaluation)
                if version is not None:
                    versions[key] = version
                    if groundless:
                        groundless.pop(key, None)
                    if version.notes:
                        noted[key] = None
                    continue
            self._make_one(node, evaluation, given, shared)
            if key in versions and versions[key].notes:
                noted[key] = None

    def _make_one(
        self,
        node: AssetNode | CheckNode,
        evaluation: Evaluation,
        given: CodeGiven,
        shared: dict[int, CodeVersion],
    ) -> None:
        """A version that more than a function may be part of, or that others have too."""
        key, op = node.key, node.op
        by_asset = self._by_asset(node)
        if by_asset is not None or op is None:
            self._forget(key)
            if by_asset is not None:
                self._versions[key] = by_asset
            return
        reads = given(node)
        version = shared.get(id(op))
        if version is None:
            version_of = _with_packages if self._packages else _version
            version = shared[id(op)] = version_of(evaluation, op, reads)
        self._versions[key] = version
        self._groundless[key] = None
        if reads or op.needs.asks or self._packages or type(op.fn) is not FunctionType:
            return
        if self._grounds.put(key, op.fn, evaluation, version) is not None:
            del self._groundless[key]

    def _by_asset(self, node: AssetNode | CheckNode) -> CodeVersion | None:
        """The version of the asset whose body answers this check."""
        if not isinstance(node, CheckNode) or not node.inline:
            return None
        return self._versions.get(node.key.asset_key)

    def _forget(self, key: AnyKey) -> None:
        self._versions.pop(key, None)
        self._grounds.drop(key)
        self._groundless.pop(key, None)
        self.noted.pop(key, None)


def _all_of(graph: AssetGraph) -> list[AssetNode | CheckNode]:
    """All nodes, the checks last since bodies answer some; no key is looked up."""
    return [*graph.nodes.values(), *graph.checks.values()]


def _computations(graph: AssetGraph, keys: Iterable[AnyKey]) -> list[AssetNode | CheckNode]:
    """The nodes of these keys, and the checks that the bodies of these assets answer, these last."""
    nodes, checks = graph.nodes, graph.checks
    assets: list[AssetNode] = []
    found: dict[AssetCheckKey, CheckNode] = {}
    for key in keys:
        if isinstance(key, AssetCheckKey):
            if key in checks:
                found[key] = checks[key]
        elif key in nodes:
            assets.append(nodes[key])
    for node in assets if checks else ():
        found |= {one: checks[one] for one in graph.checks_of(node.key) if checks[one].inline}
    return [*assets, *found.values()]


def _version(evaluation: Evaluation, op: OpDefinition, reads: Mapping[str, object]) -> CodeVersion:
    if not op.code_options and not reads:
        return evaluation.code_version(op.fn)
    return evaluation.code_version(op.fn, options=op.code_options, reads=reads)


def _with_packages(
    evaluation: Evaluation, op: OpDefinition, reads: Mapping[str, object]
) -> CodeVersion:
    """The version of the code together with those of the packages that it uses."""
    parts = _version(evaluation, op, reads).parts
    labels = sorted({part.text for part in parts if part.kind == "package"})
    if not labels:
        return _version(evaluation, op, reads)
    named = {**(op.code_options or {}), "packages": "\n".join(labels)}
    return evaluation.code_version(op.fn, options=named, reads=reads)
