"""How the tests themselves are written: each states its behaviour, is short, and uses real objects."""

from __future__ import annotations

import ast
import statistics

from tests.architecture.tree import Function, Module, faults, length, suite

FILES = tuple(module for module in suite() if module.path.name.startswith("test_"))


def of(module: Module) -> list[Function]:
    """The test functions of a file."""
    return [function for function in module.functions if function.name.startswith("test_")]


def test_a_test_states_the_behaviour_in_its_docstring() -> None:
    """Every test function has a docstring."""
    silent = {
        str(module): [test.name for test in of(module) if not ast.get_docstring(test)]
        for module in FILES
    }
    assert faults(silent) == {}


def test_tests_are_short() -> None:
    """Half of the tests have at most 12 lines."""
    assert statistics.median(length(test) for module in FILES for test in of(module)) <= 12


def test_patches_are_rare() -> None:
    """At most 3 tests in a hundred put something false in the place of something real."""
    patches = [
        f"{module}, line {node.lineno}"
        for module in suite()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and _is_patch(node.func)
    ]
    count = sum(len(of(module)) for module in FILES)
    assert len(patches) <= 0.03 * count, patches


def test_nothing_is_mocked() -> None:
    """No test imports a library of mocks."""
    mocks = [str(module) for module in suite() for each in module.imports if "mock" in each.target]
    assert mocks == []


def _is_patch(called: ast.expr) -> bool:
    """Whether the call replaces an attribute; an environment variable or a folder is an input."""
    return isinstance(called, ast.Attribute) and ast.unparse(called) in {
        *("monkeypatch.setattr", "monkeypatch.setitem", "monkeypatch.delattr"),
        *("mocker.patch", "mocker.patch.object"),
    }
