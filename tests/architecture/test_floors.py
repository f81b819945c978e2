"""Who may import whom: the floors of dagbook, and the libraries that one place alone may know."""

from __future__ import annotations

import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.architecture.tree import FLOOR_OF, ROOT, Module, faults, part_of, source

# Which parts, or which single modules, may import a library.
ONLY_IN = {
    "IPython": {"dagbook.notebook", "dagbook.headless"},
    "ipywidgets": {"dagbook.widget"},
    "ipycytoscape": {"dagbook.widget"},
    "sqlite3": {"dagbook.log.faults", "dagbook.log.sqlite"},
    "pydantic": {"dagbook.resources"},
}

# Loaded when first needed: each costs `import dagbook` more than all of dagbook does.
HEAVY = (
    *("pandas", "numpy", "pyarrow", "polars", "duckdb", "sqlglot"),
    *("ipywidgets", "ipycytoscape", "matplotlib", "PIL", "loky", "dask", "distributed"),
    *("pydantic", "upath", "fsspec"),
    *("grandalf", "networkx", "nbformat", "nbclient", "jupyterlab"),
)
# Of the standard library, what costs ten milliseconds each and few sessions need.
# Packages whose names are loaded one by one: their `__getattr__` finds the module by a table.
LISTS_OF_NAMES = ("__init__", "errors/__init__", "notebook/calling")
# Parts that a notebook needs with its first asset, and not before.
NOT_LOADED = {"selection", "versions", "staleness", "planning", "observation"}
HEAVY_STANDARD = ("asyncio", "importlib.metadata")


def test_a_module_imports_from_lower_floors_and_its_own_package_only() -> None:
    """No import climbs a floor, and parts of one floor do not know each other, types included."""
    assert faults({str(module): _climbs(module) for module in source()}) == {}


def _climbs(module: Module) -> list[str]:
    floor = FLOOR_OF[module.part]
    return [
        f"line {each.line}: {each.target} is on floor {FLOOR_OF[part_of(each.target)]}, not < {floor}"
        for each in module.imports
        if each.top == "dagbook"
        and part_of(each.target) != module.part
        and FLOOR_OF[part_of(each.target)] >= floor
    ]


def test_every_part_has_a_floor() -> None:
    """A new package or module directly under dagbook is placed in the table before it is used."""
    assert {module.part for module in source()} - FLOOR_OF.keys() == set()


def test_contributing_draws_the_same_floors() -> None:
    """The picture of the tree in CONTRIBUTING.md and the table of this test say the same."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    drawn: dict[str, int] = {}
    for names, floor in re.findall(r"^  ((?:[a-z_]+(?:\.py|/) *)+).*?(\d+)$", text, re.M):
        drawn |= {re.sub(r"\.py$|/$", "", name): int(floor) for name in names.split()}
    assert drawn == FLOOR_OF


def test_a_library_is_imported_where_it_belongs() -> None:
    """IPython, the widget libraries and sqlite3 are each known to one place."""
    assert faults({str(module): _astray(module) for module in source()}) == {}


def _astray(module: Module) -> list[str]:
    return [
        f"line {each.line}: {each.target}"
        for each in module.imports
        if each.top in ONLY_IN
        and not any(f"{module.name}.".startswith(f"{home}.") for home in ONLY_IN[each.top])
    ]


def test_no_import_cycles() -> None:
    """The modules can be put in an order in which each knows only earlier ones, types included."""
    needs = {module.name: {each.target for each in module.imports} for module in source()}
    ours = {name: targets & needs.keys() for name, targets in needs.items()}
    try:
        TopologicalSorter(ours).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_an_import_inside_a_function_only_puts_off_a_heavy_library() -> None:
    """No import hides in a function to dodge a cycle; dagbook itself joins its faces in one."""
    assert faults({str(module): _hidden(module) for module in source()}) == {}


def _hidden(module: Module) -> list[str]:
    return [
        f"line {each.line}: {each.target}"
        for each in module.imports
        if each.in_function
        and module.part != "__init__"
        and (each.top == "dagbook" or each.top in sys.stdlib_module_names)
        and each.target not in HEAVY_STANDARD
    ]


def test_modules_of_ours_are_put_off_in_one_way() -> None:
    """Nothing loads a module of ours by a text, apart from `later` and the lists of names."""
    by_text = re.compile(r"""import_module\(f?["']dagbook""")
    found = [str(module) for module in source() if by_text.search(module.text)]
    assert found == [f"src/dagbook/{one}.py" for one in LISTS_OF_NAMES]


def test_loading_needs_nothing_that_is_put_off(tmp_path: Path) -> None:
    """What is loaded later is not loaded by `%load_ext` after all, through another import."""
    script = "from IPython.core.interactiveshell import InteractiveShell as Shell\nimport sys\n"
    script += "Shell.instance().run_cell('%load_ext dagbook')\nprint(*sorted(sys.modules))"
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    put_off = set(re.findall(r"""later\("(.+?)"\)""", "".join(one.text for one in source())))
    loaded = {name for name in ran.stdout.split() if name.startswith("dagbook.")}
    assert loaded & put_off == set()
    assert {part_of(name) for name in loaded} & NOT_LOADED == set()


def test_import_dagbook_loads_no_heavy_library() -> None:
    """`import dagbook` loads none of the libraries that a first use may load."""
    script = "import sys, dagbook; print(*sorted(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(ran.stdout.split()) & {*HEAVY, *HEAVY_STANDARD} == set()
