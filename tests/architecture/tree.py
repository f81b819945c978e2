"""The project's Python files, parsed once, and the floor that each part of dagbook stands on."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "dagbook"
TESTS = ROOT / "tests"

# Lowest first; the parts of one floor are strangers to each other. CONTRIBUTING.md draws the same.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("audit", "bulk", "later", "records"),
    ("errors",),
    ("definitions",),
    ("graph",),
    ("selection", "versions", "events", "io"),
    ("resources", "log"),
    ("staleness",),
    ("planning",),
    ("observation", "execution"),
    ("engine",),
    ("cells", "views"),
    ("notebook", "comm", "widget", "export", "tutorials", "headless", "cli"),
    ("__init__", "__main__", "testing"),
)
FLOOR_OF = {part: floor for floor, parts in enumerate(FLOORS) for part in parts}
ENGINE = FLOOR_OF["execution"]

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One imported module, by its full name, and where it is imported."""

    target: str
    line: int
    in_function: bool

    @property
    def top(self) -> str:
        """The name of the package that is imported from."""
        return self.target.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One Python file, with its syntax tree."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    def __str__(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def part(self) -> str:
        """The package or module directly under dagbook that this file belongs to."""
        return part_of(self.name)

    @property
    def imports(self) -> tuple[Import, ...]:
        """Everything that the file imports, at its top, in functions and for type checking."""
        return tuple(_imports(self.tree.body, in_function=False))

    @property
    def functions(self) -> tuple[Function, ...]:
        """Every function and method of the file, nested ones included."""
        return tuple(node for node in ast.walk(self.tree) if isinstance(node, Function))


def part_of(name: str) -> str:
    """The part of dagbook that a full module name lies in; `__init__` for dagbook itself."""
    return name.split(".")[1] if "." in name else "__init__"


@cache
def source() -> tuple[Module, ...]:
    """The files of src/dagbook."""
    return tuple(_modules(SOURCE, SOURCE.parent))


@cache
def suite() -> tuple[Module, ...]:
    """The files of tests/."""
    return tuple(_modules(TESTS, ROOT))


def faults(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Only the files that have faults, so that a failure names all of them and nothing else."""
    return {file: each for file, each in found.items() if each}


def length(function: Function) -> int:
    """The lines of a function's code: its docstring does not count, its decorators do not either."""
    first = function.body[0]
    documented = ast.get_docstring(function, clean=False) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def _modules(folder: Path, base: Path) -> Iterator[Module]:
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        parts = path.relative_to(base).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield Module(name=name, path=path, text=text, tree=ast.parse(text, filename=str(path)))


def _imports(body: Iterable[ast.AST], *, in_function: bool) -> Iterator[Import]:
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for target in _targets(node):
                yield Import(target=target, line=node.lineno, in_function=in_function)
            continue
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "later":
            target = ast.literal_eval(node.args[0])
            yield Import(target=target, line=node.lineno, in_function=False)
        inside = in_function or isinstance(node, Function | ast.Lambda)
        yield from _imports(ast.iter_child_nodes(node), in_function=inside)


def _targets(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    # `from package import module` imports the module; `from module import name` the module.
    return [
        full if node.module and is_module(full) else node.module or ""
        for full in (f"{node.module}.{alias.name}" for alias in node.names)
    ]


def is_module(name: str) -> bool:
    """Whether dagbook has a module or package of this full name."""
    if not name.startswith("dagbook."):
        return False
    path = SOURCE.joinpath(*name.split(".")[1:])
    return path.is_dir() or path.with_suffix(".py").exists()
