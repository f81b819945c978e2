"""One scope of a body in order of evaluation: which outer names it reads before binding them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dagbook.cells.paths import NOWHERE, At, at, meet

# What each class of statement does to a flow.
Statements = Mapping[type[ast.AST], Callable[[Any, Any], None]]


class Flow:
    """One scope in order of evaluation; `bound` only grows along a path, so a loop is read once.

    A function's free names are read when the function is first mentioned, not where it is written:
    `pending` keeps them until then.
    """

    __slots__ = (
        "assigned",
        "awaits",
        "bound",
        "breaks",
        "class_own",
        "class_reads",
        "closures",
        "firing",
        "first",
        "outer",
        "pending",
        "rebinds",
        "returns",
        "statements",
        "strings",
        "yields",
    )

    def __init__(self, statements: Statements, strings: dict[tuple[At, str], None]) -> None:
        self.statements = statements
        self.bound: set[str] = set()
        self.breaks: set[str] | None = None  # None outside of loops
        self.first: dict[str, At] = {}
        self.assigned: set[str] = set()
        self.rebinds: set[str] = set()
        self.pending: dict[str, list[dict[str, At]]] = {}
        self.closures: dict[ast.AST, dict[str, At]] = {}
        self.firing: set[str] = set()
        self.returns: list[At] = []
        self.yields = False
        self.awaits = False
        self.strings = strings
        self.outer: set[str] | None = None
        self.class_own: set[str] = set()
        self.class_reads: list[tuple[str, At]] = []

    def block(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            self.statements[statement.__class__](self, statement)

    def expr(self, node: ast.expr) -> None:
        handler = _EXPRESSIONS.get(node.__class__)
        if handler is not None:
            handler(self, node)
            return
        for field in _FIELDS[node.__class__]:
            value = getattr(node, field)
            if value.__class__ is list:
                for item in value:
                    if item is not None:
                        self.expr(item)
            elif value is not None:
                self.expr(value)

    def finish(self) -> None:
        """Read what functions need that no statement mentioned: they may still be the value."""
        for name in self.pending:
            self.fire(name, self.bound)

    # -- names ------------------------------------------------------------------------------

    def name(self, node: ast.Name) -> None:
        name = node.id
        if name not in self.bound and name not in self.first:
            self.first[name] = At(node.lineno, node.col_offset, node.end_col_offset)
        if name in self.pending:
            self.fire(name, self.bound if self.outer is None else self.outer)
        if self.outer is not None and name not in self.class_own:
            self.class_reads.append((name, at(node)))

    def fire(self, name: str, bound: set[str]) -> None:
        """Read, as of now, the free names of every function that `name` may stand for."""
        if name in self.firing:
            return
        self.firing.add(name)
        for free in self.pending[name]:
            self.read_all(free, bound)
        self.firing.discard(name)

    def read_all(self, free: dict[str, At], bound: set[str]) -> None:
        for name, place in free.items():
            if name not in bound and name not in self.first:
                self.first[name] = place
            if name in self.pending:
                self.fire(name, bound)

    def bind(self, name: str) -> None:
        self.bound.add(name)
        if self.outer is None:
            self.assigned.add(name)
        else:
            self.class_own.add(name)

    def target(self, node: ast.expr) -> None:
        kind = node.__class__
        if kind is ast.Name:
            self.bind(node.id)  # type: ignore[attr-defined]
        elif isinstance(node, ast.Tuple | ast.List):
            for element in node.elts:
                self.target(element)
        elif isinstance(node, ast.Starred):
            self.target(node.value)
        else:
            self.expr(node)

    # -- expressions ------------------------------------------------------------------------

    def constant(self, node: ast.Constant) -> None:
        if node.value.__class__ is str:
            self.strings[at(node), node.value] = None

    def attribute(self, node: ast.Attribute) -> None:
        self.expr(node.value)

    def call(self, node: ast.Call) -> None:
        self.expr(node.func)
        for argument in node.args:
            self.expr(argument)
        for keyword in node.keywords:
            self.expr(keyword.value)

    def walrus(self, node: ast.NamedExpr) -> None:
        self.expr(node.value)
        self.bound = self.bound.copy()  # states of other paths may share the set
        self.target(node.target)

    def split(self, test: ast.expr) -> tuple[set[str], set[str]]:
        """Evaluate a condition; what is bound when it holds, and when it does not."""
        if isinstance(test, ast.BoolOp):
            conjunction = isinstance(test.op, ast.And)
            early = NOWHERE
            for value in test.values:
                holds, fails = self.split(value)
                early = meet(early, fails if conjunction else holds)
                self.bound = holds if conjunction else fails
            return (self.bound, early) if conjunction else (early, self.bound)
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            holds, fails = self.split(test.operand)
            return fails, holds
        if isinstance(test, ast.Constant):
            return (self.bound, NOWHERE) if test.value else (NOWHERE, self.bound)
        self.expr(test)
        return self.bound, self.bound

    def boolean(self, node: ast.BoolOp) -> None:
        holds, fails = self.split(node)
        self.bound = meet(holds, fails)

    def conditional(self, node: ast.IfExp) -> None:
        self.bound, fails = self.split(node.test)
        self.expr(node.body)
        holds, self.bound = self.bound, fails
        self.expr(node.orelse)
        self.bound = meet(holds, self.bound)

    def comparison(self, node: ast.Compare) -> None:
        self.expr(node.left)
        self.expr(node.comparators[0])
        certain = self.bound
        for comparator in node.comparators[1:]:
            self.expr(comparator)
        self.bound = certain

    def comprehension(self, node: Any) -> None:
        generators = node.generators
        self.expr(generators[0].iter)
        kept = self.bound, self.outer, self.assigned
        # Inside, the scope of an enclosing class is not seen; the targets belong to it alone.
        self.bound = (self.bound if self.outer is None else self.outer).copy()
        self.outer, self.assigned = None, set()
        for generator in generators:
            self.target(generator.target)
        self.assigned = kept[2]
        for position, generator in enumerate(generators):
            self.awaits |= bool(generator.is_async)
            if position:
                self.expr(generator.iter)
            for condition in generator.ifs:
                self.bound = self.split(condition)[0]
        for field in ("key", "value", "elt"):
            if (part := getattr(node, field, None)) is not None:
                self.expr(part)
        self.bound, self.outer, _ = kept

    def lambda_(self, node: ast.Lambda) -> None:
        self.read_all(self.closure(node), self.bound if self.outer is None else self.outer)

    def awaited(self, node: ast.Await) -> None:
        self.awaits = True
        self.expr(node.value)

    def yielded(self, node: ast.Yield | ast.YieldFrom) -> None:
        self.yields = True
        if node.value is not None:
            self.expr(node.value)

    # -- functions and classes ----------------------------------------------------------------

    def closure(self, node: Any) -> dict[str, At]:
        """The free names of a function, its defaults evaluated on the way."""
        arguments = node.args
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self.expr(default)
        if node in self.closures:
            return self.closures[node]
        inner = Flow(self.statements, self.strings)
        local = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        local += [extra for extra in (arguments.vararg, arguments.kwarg) if extra is not None]
        inner.bound.update(argument.arg for argument in local)
        inner.bound.update(parameter.name for parameter in getattr(node, "type_params", ()))
        if isinstance(node, ast.Lambda):
            inner.expr(node.body)
        else:
            inner.block(node.body)
        inner.finish()
        own = inner.assigned - inner.rebinds
        free = {name: at for name, at in inner.first.items() if name not in own}
        self.closures[node] = free
        return free

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            self.expr(decorator)
        free = self.closure(node)
        arguments = node.args
        annotated = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        annotated += [extra for extra in (arguments.vararg, arguments.kwarg) if extra is not None]
        annotations = [argument.annotation for argument in annotated]
        self.annotations(node, [*annotations, node.returns])
        if node.decorator_list:
            self.read_all(free, self.bound if self.outer is None else self.outer)
        self.bind(node.name)
        self.pending.setdefault(node.name, []).append(free)

    def annotations(self, node: Any, parts: Iterable[ast.expr | None]) -> None:
        """Annotations and bases, which see the type parameters of their definition."""
        kept = self.bound
        if parameters := getattr(node, "type_params", ()):
            self.bound = kept | {parameter.name for parameter in parameters}
            parts = [*(getattr(parameter, "bound", None) for parameter in parameters), *parts]
        for part in parts:
            if part is not None:
                self.expr(part)
        if parameters:
            self.bound = kept

    def class_(self, node: ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            self.expr(decorator)
        self.annotations(node, [*node.bases, *(keyword.value for keyword in node.keywords)])
        kept = self.bound, self.outer, self.class_own, self.class_reads
        pending = self.pending
        self.pending = {name: list(free) for name, free in pending.items()}
        self.outer = self.bound if self.outer is None else self.outer
        self.bound = self.bound | {p.name for p in getattr(node, "type_params", ())} | {"__class__"}
        self.class_own, self.class_reads = set(), []
        self.block(node.body)
        for name, place in self.class_reads:
            # A name that a class binds is looked up past the enclosing function until then.
            if name in self.class_own and name not in self.first and kept[0] is not NOWHERE:
                self.first[name] = place
        own = self.class_own
        methods = [free for name in own if name in self.pending for free in self.pending[name]]
        self.bound, self.outer, self.class_own, self.class_reads = kept
        self.pending = pending
        if node.decorator_list or node.bases or node.keywords:
            for free in methods:
                self.read_all(free, self.bound if self.outer is None else self.outer)
        self.bind(node.name)
        pending.setdefault(node.name, []).extend(methods)


_EXPRESSIONS: dict[type[ast.AST], Callable[[Flow, Any], None]] = {
    ast.Name: Flow.name,
    ast.Constant: Flow.constant,
    ast.Attribute: Flow.attribute,
    ast.Call: Flow.call,
    ast.NamedExpr: Flow.walrus,
    ast.BoolOp: Flow.boolean,
    ast.IfExp: Flow.conditional,
    ast.Compare: Flow.comparison,
    ast.ListComp: Flow.comprehension,
    ast.SetComp: Flow.comprehension,
    ast.DictComp: Flow.comprehension,
    ast.GeneratorExp: Flow.comprehension,
    ast.Lambda: Flow.lambda_,
    ast.Await: Flow.awaited,
    ast.Yield: Flow.yielded,
    ast.YieldFrom: Flow.yielded,
}

# What holds no expression: contexts, operators, and the plain texts of newer kinds of node.
_PLAIN = frozenset({"ctx", "op", "ops", "conversion", "kind", "str"})
_FIELDS = {
    kind: tuple(field for field in kind._fields if field not in _PLAIN)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.expr)
}
