"""Leaves out, as comments, what uses names that the module standing in for another does not have."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field

from dagbook.cells.reads import may_read_before_binding
from dagbook.records import dataclass
from dagbook.tutorials.python_text import parsed

_TIMED = re.compile(r"schedule|sensor|automation|cron", re.I)
_HERE = "What is to run by the clock is `dagbook run NOTEBOOK`, called by cron or by CI."


@dataclass(slots=True)
class Lacking:
    """What is not to be had so far; `offered` tells the names of each module that stands in.

    >>> Lacking({"dagbook": {"asset"}}).without("import dagbook as dg\\ns = dg.Sensor()\\n1")
    'import dagbook as dg\\n# Left out, because dagbook has no `Sensor`:\\n# s = dg.Sensor()\\n1'
    """

    offered: Mapping[str, Collection[str]]
    # What modules are called in the cells, and names that nothing binds any more, with what they need.
    _modules: dict[str, str] = field(default_factory=dict)
    _gone: dict[str, str] = field(default_factory=dict)

    def without(self, text: str) -> str:
        """The cell with what can't run as comments, also what needs a name that such code binds."""
        tree = parsed(text)
        if tree is None or not tree.body:
            return text
        lines = text.split("\n")
        done, position = [], 0
        for statement in tree.body:
            first, last = _first_line(statement) - 1, statement.end_lineno or statement.lineno
            changed = self._changed(statement, lines[first:last])
            done += [*lines[position:first], *changed]
            position = max(position, last)
        return "\n".join([*done, *lines[position:]])

    def notes(self, page: str) -> Iterator[str]:
        """What a reader should know of it."""
        names = dict.fromkeys(self._gone.values())
        if names:
            listed = ", ".join(f"`{name}`" for name in names)
            here = f" {_HERE}" if any(map(_TIMED.search, names)) else ""
            yield f"{page}: {' and '.join(self.offered)} has no {listed}; what uses it is left out.{here}"

    def _changed(self, statement: ast.stmt, lines: Sequence[str]) -> Sequence[str]:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            return self._imported(statement, lines)
        lacks = self._lacks(statement)
        binds = may_read_before_binding(ast.Module([statement], [])).assigned
        for name in binds:
            if lacks:
                self._gone[name] = lacks
            else:
                self._gone.pop(name, None)
        return _left_out(lines, self._why(lacks)) if lacks else lines

    def _imported(
        self, statement: ast.Import | ast.ImportFrom, lines: Sequence[str]
    ) -> Sequence[str]:
        """An import without the names that are not there."""
        if isinstance(statement, ast.Import):
            for each in statement.names:
                if each.name in self.offered:
                    self._modules[each.asname or each.name] = each.name
            return lines
        module = statement.module or ""
        names = self.offered.get(module)
        if names is None or statement.level:
            return lines
        lacking = [
            each.name for each in statement.names if each.name not in names and each.name != "*"
        ]
        for each in statement.names:
            if each.name in lacking:
                self._gone[each.asname or each.name] = each.name
        kept = [each for each in statement.names if each.name not in lacking]
        if not lacking:
            return lines
        said = [f"# Left out, because {module} has no {_listed(lacking)}."]
        return [*said, ast.unparse(ast.ImportFrom(module, kept, 0))] if kept else said

    def _lacks(self, statement: ast.stmt) -> str | None:
        """The name that this needs and that is not to be had."""
        for node in ast.walk(statement):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                module = self._modules.get(node.value.id)
                if module and node.attr not in self.offered[module]:
                    return node.attr
        read = may_read_before_binding(ast.Module([statement], [])).names | _asked(statement)
        return next((self._gone[name] for name in self._gone if name in read), None)

    def _why(self, lacks: str) -> str:
        return f"# Left out, because {' and '.join(self.offered)} has no `{lacks}`:"


def _asked(statement: ast.stmt) -> frozenset[str]:
    """The parameters of a decorated function, which are names of assets."""
    if not isinstance(statement, ast.FunctionDef) or not statement.decorator_list:
        return frozenset()
    return frozenset(each.arg for each in statement.args.args)


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *[each.lineno for each in decorators]])


def _left_out(lines: Sequence[str], why: str) -> list[str]:
    return [why, *[f"# {line}".rstrip() for line in lines]]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
