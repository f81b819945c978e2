"""How files, functions and records are shaped, so that a reader finds them where they are expected."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

from tests.architecture.tree import ENGINE, FLOOR_OF, ROOT, Module, faults, length, source, suite

ALL = source() + suite()
VAGUE = {"utils", "util", "common", "helpers", "helper", "manager", "managers", "misc"}
# The field's own term: what stores and loads values is an I/O manager.
A_TERM = {"src/dagbook/io/manager.py", "tests/io/test_manager.py"}


def test_a_module_opens_with_its_purpose() -> None:
    """The first line of every file says in one sentence what the file is for."""
    first = {str(module): _first_line(module) for module in ALL}
    assert {file: line for file, line in first.items() if not line.endswith((".", ":"))} == {}


def _first_line(module: Module) -> str:
    docstring = ast.get_docstring(module.tree) or "no docstring"
    return docstring.splitlines()[0].rstrip()


def test_a_file_has_at_most_400_lines() -> None:
    """A longer file holds two things."""
    lines = {str(module): len(module.text.splitlines()) for module in ALL}
    assert {file: count for file, count in lines.items() if count > 400} == {}


def test_a_function_has_at_most_50_lines() -> None:
    """A longer function does two things; docstrings are not counted."""
    assert faults({str(module): _long(module) for module in ALL}) == {}


def _long(module: Module) -> list[str]:
    return [
        f"line {each.lineno}: {each.name} has {length(each)}"
        for each in module.functions
        if length(each) > 50
    ]


def test_functions_are_short_on_the_whole() -> None:
    """Half of the functions have at most 6 lines, and 95 of a hundred at most 30."""
    lengths = [length(function) for module in source() for function in module.functions]
    assert statistics.median(lengths) <= 6
    assert statistics.quantiles(lengths, n=20)[-1] <= 30


def test_no_name_says_nothing() -> None:
    """No file is called utils, common, helpers or manager, nor after one of them."""
    files = [path.relative_to(ROOT) for path in _named_by_us() if path.suffix != ".pyc"]
    vague = [
        path.as_posix()
        for path in files
        if any(VAGUE & set(Path(part).stem.split("_")) for part in path.parts)
        and path.as_posix() not in A_TERM
    ]
    assert vague == []


def test_records_below_the_engine_are_frozen() -> None:
    """At least 95 of a hundred dataclasses below the engine cannot be changed once made."""
    frozen: list[str] = []
    open_to_change: list[str] = []
    for module in source():
        if FLOOR_OF[module.part] < ENGINE:
            for record, settings in _dataclasses(module.tree):
                kept = frozen if settings.get("frozen") is True else open_to_change
                kept.append(f"{module}: {record}")
    assert len(frozen) >= 0.95 * len(frozen + open_to_change), open_to_change


def test_records_are_declared_in_one_way() -> None:
    """The standard decorator takes four times as long, at every start of a kernel and a command."""
    standard = "from dataclasses import dataclass"
    others = [
        str(one) for one in source() if one.name != "dagbook.records" and standard in one.text
    ]
    assert others == []


def _named_by_us() -> list[Path]:
    folders = (ROOT / "src", ROOT / "tests", ROOT / "js")
    found = [path for folder in folders for path in folder.rglob("*")]
    return [path for path in found if not {"node_modules", "__pycache__"} & set(path.parts)]


def _dataclasses(tree: ast.Module) -> list[tuple[str, dict[str, object]]]:
    """The dataclasses of a file with the settings of their decorator.

    Exceptions are left out: they compare by identity (`eq=False`), and Python itself sets
    their traceback and cause.
    """
    found: list[tuple[str, dict[str, object]]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for decorator in node.decorator_list:
                call = decorator.func if isinstance(decorator, ast.Call) else decorator
                if ast.unparse(call) in {"dataclass", "dataclasses.dataclass"}:
                    settings = _settings(decorator)
                    if settings.get("eq") is not False:
                        found.append((node.name, settings))
    return found


def _settings(decorator: ast.expr) -> dict[str, object]:
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    return {
        word.arg: word.value.value
        for word in keywords
        if word.arg and isinstance(word.value, ast.Constant)
    }
