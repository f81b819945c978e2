"""Definitions that are taken from modules: what counts, and what is wrong with a module."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

import dagbook as dg
from dagbook.engine.modules import module_named, reloaded
from dagbook.errors import DagbookError
from dagbook.errors.definitions import DuplicateKey
from dagbook.errors.modules import ModuleRaised, NothingDefined, UnknownModule

Written = Callable[[str], ModuleType]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose modules can be imported; they are forgotten at the end."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.fixture
def written(folder: Path) -> Written:
    """Writes and imports the module `pipeline`."""

    def write(text: str) -> ModuleType:
        (folder / "pipeline.py").write_text(f"import dagbook as dg\n{text}\n")
        return module_named("pipeline")

    return write


def keys_of(found: dg.Definitions) -> list[str]:
    """The assets and checks in words."""
    return [str(one) for one in found.definitions]


CASES = {
    "decorated functions": (
        "@dg.asset\ndef a(): return 1\n@dg.asset_check(asset=a)\ndef c(a): return True",
        ["<asset a>", "<check a.c>"],
    ),
    "what a loop has made": (
        "made = [dg.asset(name=f'a{n}')(lambda: n) for n in range(2)]",
        ["<asset a0>", "<asset a1>"],
    ),
    "Definitions and what they hold": (
        "def make():\n    @dg.asset\n    def a(): return 1\n    return a\n"
        "defs = dg.Definitions([make()])",
        ["<asset a>"],
    ),
    "definitions that are made when they are loaded": (
        "@dg.definitions\ndef defs():\n    return dg.Definitions([dg.asset(name='a')(lambda: 1)])",
        ["<asset a>"],
    ),
    "one definition under two names": (
        "@dg.asset\ndef a(): return 1\nb = a\ndefs = dg.Definitions([a])",
        ["<asset a>"],
    ),
    "a spec of a multi-asset": (
        "s = dg.AssetSpec('a')\n@dg.multi_asset(specs=[s])\ndef m(): ...\n",
        ["<asset a>"],
    ),
    "an observable source": (
        "@dg.observable_source_asset\ndef rates(): ...",
        ["<source rates>"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_module_defines(written: Written, case: str) -> None:
    """Each definition once, wherever its names or containers hold it."""
    text, expected = CASES[case]
    assert keys_of(dg.load_definitions_from_module(written(text))) == expected


def test_resources_and_jobs_come_with_definitions(written: Written) -> None:
    """As the module's Definitions name them."""
    module = written(
        "@dg.asset\ndef a(): return 1\njob = dg.define_asset_job('j')\n"
        "defs = dg.Definitions([a], jobs=[job], resources={'limit': 3})"
    )
    found = dg.load_definitions_from_module(module)
    assert (found.resources, found.get_job_def("j").execute_in_process().success) == (
        {"limit": 3},
        True,
    )


def test_a_package_without_definitions_names_its_modules(folder: Path) -> None:
    """One of them may have been meant."""
    (folder / "shop").mkdir()
    (folder / "shop" / "__init__.py").write_text("")
    (folder / "shop" / "assets.py").write_text("")
    with pytest.raises(NothingDefined) as caught:
        dg.load_definitions_from_module(module_named("shop"))
    assert str(caught.value) == (
        "The module `shop` defines no asset and no check. It has the modules `shop.assets`."
    )


FAULTS: dict[str, tuple[str, type[DagbookError], str]] = {
    "an error of its code": (
        "x = 1\n1 / 0",
        ModuleRaised,
        "The module `pipeline` can't be loaded (pipeline.py, line 3): "
        "ZeroDivisionError: division by zero",
    ),
    "a syntax error": (
        "def a(:",
        ModuleRaised,
        "The module `pipeline` can't be loaded (pipeline.py, line 2): SyntaxError: invalid syntax",
    ),
    "a module that it needs": (
        "import nowhere_at_all",
        ModuleRaised,
        "The module `pipeline` can't be loaded (pipeline.py, line 2): "
        "ModuleNotFoundError: No module named 'nowhere_at_all'",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_module_that_cant_be_loaded(written: Written, case: str) -> None:
    """The class of the error and its whole message, which names the module and the line."""
    text, kind, message = FAULTS[case]
    with pytest.raises(kind) as caught:
        written(text)
    assert str(caught.value) == message


def test_an_unknown_module_is_named_with_suggestions(written: Written) -> None:
    """Of those that can be imported."""
    written("x = 1")
    with pytest.raises(UnknownModule) as caught:
        module_named("pipelin")
    assert str(caught.value) == "There is no module `pipelin`. Did you mean `pipeline`?"


def test_a_key_that_is_defined_twice_is_refused(written: Written) -> None:
    """With both places."""
    module = written("@dg.asset\ndef a(): return 1\nb = dg.asset(name='a')(lambda: 2)")
    with pytest.raises(DuplicateKey) as caught:
        dg.load_definitions_from_module(module)
    file = module.__file__
    assert str(caught.value) == (
        f"`a` is defined twice: {file}, line 2 and {file}, line 4. Rename one of them."
    )


def test_a_module_is_loaded_anew(folder: Path, written: Written) -> None:
    """With the code of its file, however soon it was edited; what it no longer defines is gone."""
    module = written("@dg.asset\ndef a(): return 1\n@dg.asset\ndef b(): return 1")
    text = (folder / "pipeline.py").read_text()
    (folder / "pipeline.py").write_text(text.replace("b()", "c()").replace("1", "2"))
    found = dg.load_definitions_from_module(reloaded(module))
    assert (keys_of(found), found.assets[0]()) == (["<asset a>", "<asset c>"], 2)  # type: ignore[operator]


def test_a_module_that_cant_be_loaded_anew_stays_as_it_was(folder: Path, written: Written) -> None:
    """With all that it defined."""
    module = written("@dg.asset\ndef a(): return 1")
    (folder / "pipeline.py").write_text("import dagbook as dg\n1 / 0")
    with pytest.raises(ModuleRaised):
        reloaded(module)
    assert keys_of(dg.load_definitions_from_module(module)) == ["<asset a>"]
