"""The reference notebooks name all that there is: magics, options, settings, kinds, public names."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import nbformat
import pytest

import dagbook
from dagbook.cells.declared import MagicSpec, Option
from dagbook.cells.magics import MAGICS
from dagbook.definitions.metadata import MetadataValue
from dagbook.engine.settings import Settings
from dagbook.engine.workspace import Workspace
from dagbook.io.layout import StoreFolder
from dagbook.notebook.configuration import Dagbook
from dagbook.testing import NotebookUnderTest
from dagbook.testing.plugin import asset_notebook

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"


def cells(name: str, kind: str = "code") -> list[str]:
    """The texts of a reference's cells of one kind."""
    book = nbformat.read(NOTEBOOKS / f"reference_{name}.ipynb", as_version=4)
    return [cell.source for cell in book.cells if cell.cell_type == kind]


def calls(spec: MagicSpec[Any]) -> list[str]:
    """What stands behind a magic wherever the reference of the magics runs it, `#|` lines too."""
    sign, name = re.fullmatch(r"(%+)(\w+)", spec.magic).groups()  # type: ignore[union-attr]
    pattern = re.compile(rf"^(?:\w+ = )?{sign}{name}\b(.*(?:\n#\|.*)*)", re.M)
    return [found for text in cells("magics") for found in pattern.findall(text)]


@pytest.mark.parametrize("spec", MAGICS, ids=lambda spec: spec.magic)
def test_each_magic_tells_its_help_and_has_a_heading(spec: MagicSpec[Any]) -> None:
    """`--help` is run for each, so that the page holds what the code says of every option."""
    headings = [text for text in cells("magics", "markdown") if text.startswith("## ")]
    assert any(f"`{spec.magic} " in text.partition("\n")[0] for text in headings)
    if spec.options:
        assert any("--help" in line for line in calls(spec))


@pytest.mark.parametrize(
    ("spec", "option"),
    [(spec, option) for spec in MAGICS for option in spec.options],
    ids=lambda one: getattr(one, "magic", None) or getattr(one, "flag", None),
)
def test_each_option_has_an_example_that_runs(spec: MagicSpec[Any], option: Option) -> None:
    """An option is used in a cell; what `--help` says of it is no example."""
    used = re.compile(rf"{option.flag}(?![\w-])|#\|\s*{option.flag[2:]}:")
    given = [line for line in calls(spec) if used.search(line)]
    alike = [line for other in MAGICS if option in other.options for line in calls(other)]
    assert given or any(used.search(line) for line in alike), option.flag


def test_every_kind_of_metadata_is_made_and_shown() -> None:
    """Each way of making a metadata value stands in a cell, or is named as another's name."""
    text = "\n".join(cells("metadata"))
    told = "\n".join(cells("metadata", "markdown"))
    makers = [name for name, one in vars(MetadataValue).items() if isinstance(one, staticmethod)]
    assert len(makers) > 10
    missing = [name for name in makers if f"MetadataValue.{name}" not in text + told]
    assert missing == []


def test_every_setting_is_set() -> None:
    """Those of `%config Dagbook` each in a cell; those of `Settings` are the same or explained."""
    text = "\n".join(cells("configuration"))
    settings = Dagbook.class_trait_names(config=True)
    assert len(settings) > 5
    assert [name for name in settings if f"%config Dagbook.{name} = " not in text] == []
    told = text + "\n".join(cells("configuration", "markdown"))
    others = {field.name for field in fields(Settings)} - set(settings)
    assert [name for name in others if f"{name}=" not in told] == []


def test_every_environment_variable_is_told() -> None:
    """Whatever of dagbook's own is asked of the environment anywhere in the code."""
    told = "\n".join(cells("configuration", "markdown"))
    sources = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    asked = set(re.findall(r"\bDAGBOOK_[A-Z_]+\b", sources))
    assert len(asked) > 2
    assert [name for name in asked if f"`{name}`" not in told] == []


def test_every_place_in_a_store_is_told(home: Path) -> None:
    """The files that an open store has, and those that the layout names."""
    with Workspace(home):
        found = {path.name for path in home.iterdir() if not path.name.endswith(("-shm", "-wal"))}
    folder = StoreFolder(root=home)
    found |= {path.name for path in (folder.objects, folder.asset_locks, folder.session_locks)}
    told = "\n".join(cells("configuration", "markdown"))
    assert [name for name in found if f"`{name}" not in told] == []


@pytest.mark.parametrize("name", dagbook.__all__)
def test_each_public_name_is_used(name: str) -> None:
    """In a cell that runs, as `dg.name`."""
    text = "\n".join(cells("python_api"))
    assert re.search(rf"\bdg\.{name}\b", text), name


def test_what_is_for_tests_is_used() -> None:
    """All that `dagbook.testing` has for the author of a test, but for the class that it gives."""
    text = "\n".join(cells("python_api"))
    asked = [name for name in vars(NotebookUnderTest) if not name.startswith("_")]
    assert [name for name in asked if f"notebook.{name}(" not in text] == []
    assert "open_notebook(" in text
    assert f"{asset_notebook.__name__}(" in text
