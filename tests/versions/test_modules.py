"""Code in modules of the user's own project, as it is loaded and as it is on disk."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from dagbook.versions.code import CodeVersion, Evaluation
from tests.versions.cells import run_cells, version_in

HELPERS = """
from math import floor
RATE = 0.5
LIMITS = {'low': 1}
def inner(x):
    return x * RATE
def clean(x):
    # a comment
    return floor(inner(x))
class Model:
    rate = 1
    def apply(self, x):
        return clean(x) * self.rate
"""

Project = Callable[[str], ModuleType]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """Writes the project's module `flight_helpers` and loads it anew."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def load(text: str) -> ModuleType:
        (tmp_path / "flight_helpers.py").write_text(text)
        sys.modules.pop("flight_helpers", None)
        importlib.invalidate_caches()
        return importlib.import_module("flight_helpers")

    yield load
    sys.modules.pop("flight_helpers", None)


def seen(cell: str) -> CodeVersion:
    """The version of `body` in a notebook with this cell."""
    return version_in(run_cells(cell))


USES = {
    "from": "from flight_helpers import clean\ndef body(x): return clean(x)",
    "module": "import flight_helpers\ndef body(x): return flight_helpers.clean(x)",
    "alias": "import flight_helpers as fh\ndef body(x): return fh.clean(x)",
    "whole": "import flight_helpers\ndef body(x): return getattr(flight_helpers, 'clean')(x)",
    "inside": "def body(x):\n    from flight_helpers import clean\n    return clean(x)",
    "class": "from flight_helpers import Model\ndef body(x): return Model().apply(x)",
}


@pytest.mark.parametrize("cell", USES.values(), ids=USES)
@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("x * RATE", "x * RATE + 1", True),
        ("RATE = 0.5", "RATE = 0.6", True),
        ("# a comment", "# another\n    # comment", False),
        ("floor(inner(x))", "floor( inner(x) )", False),
    ],
)
def test_an_edit_of_a_module_counts_as_in_the_notebook(
    project: Project, cell: str, old: str, new: str, changed: bool
) -> None:
    """However a helper is imported, its code and what it reaches count, when it is reloaded."""
    project(HELPERS)
    before = seen(cell)
    project(HELPERS.replace(old, new))
    after = seen(cell)

    assert (before.digest != after.digest) is changed
    assert before.stale_modules == after.stale_modules == ()
    assert not after.weak


@pytest.mark.parametrize("use", ["from", "module", "alias", "whole", "inside", "class"])
def test_a_file_that_changed_without_a_reload_is_named(
    project: Project, tmp_path: Path, use: str
) -> None:
    """The code on disk does not speak for the code that is loaded."""
    project(HELPERS)
    assert seen(USES[use]).stale_modules == ()
    text = HELPERS.replace("x * RATE", "x / RATE").replace("(inner(x))", "(inner(x) + 1)")
    (tmp_path / "flight_helpers.py").write_text(text)

    assert seen(USES[use]).stale_modules == ("flight_helpers",)


def test_a_comment_added_without_a_reload_is_harmless(project: Project, tmp_path: Path) -> None:
    """Lines that moved do not make the loaded code another one."""
    project(HELPERS)
    before = seen(USES["from"])
    (tmp_path / "flight_helpers.py").write_text("# new\n\n" + HELPERS)
    after = seen(USES["from"])

    assert after.stale_modules == ()
    assert after.digest == before.digest


def test_other_parts_of_a_module_do_not_count(project: Project) -> None:
    """What the body does not reach may change."""
    project(HELPERS)
    before = seen(USES["module"])
    project(HELPERS.replace("rate = 1", "rate = 2").replace("'low': 1", "'low': 2"))

    assert seen(USES["module"]).digest == before.digest


def test_a_constant_set_from_the_notebook_counts(project: Project) -> None:
    """A module's variable counts as it is now, also where the body imports the module."""
    module = project(HELPERS)
    before = {use: seen(USES[use]).digest for use in ("from", "whole", "inside")}
    module.RATE = 9  # type: ignore[attr-defined]

    assert all(seen(USES[use]).digest != digest for use, digest in before.items())


def test_a_module_that_a_body_imports_counts_before_it_is_loaded(
    project: Project,
) -> None:
    """The first run of the import does not make the asset stale."""
    project(HELPERS)
    loaded = seen(USES["inside"]).digest
    del sys.modules["flight_helpers"]

    assert seen(USES["inside"]).digest == loaded
    assert "flight_helpers" not in sys.modules


@pytest.mark.parametrize("loaded", [True, False])
def test_a_module_that_a_body_takes_from_a_package_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loaded: bool
) -> None:
    """`from package import module` says no more of the module than its name."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    folder = tmp_path / "flight_rules" / "prep"
    folder.mkdir(parents=True)
    for empty in (folder / "__init__.py", folder.parent / "__init__.py"):
        empty.write_text("")
    found = []
    for factor in (2, 3):
        (folder / "clean.py").write_text(f"def clean(x):\n    return x * {factor}\n")
        importlib.invalidate_caches()
        if loaded:
            importlib.import_module("flight_rules.prep.clean")
        found.append(seen("def body(x):\n    from flight_rules.prep import clean\n    return x"))
        for name in [name for name in sys.modules if name.startswith("flight_rules")]:
            del sys.modules[name]

    assert found[0].digest != found[1].digest


def test_a_module_that_does_not_exist_is_missing() -> None:
    """An import that will fail is no error here."""
    version = seen("def body(x):\n    import no_such_module_here\n    return x")

    assert [part.kind for part in version.parts] == ["body", "missing"]


def test_packages_are_recorded_with_their_version() -> None:
    """An installed package is listed once, and its version is not part of the digest."""
    version = seen("import numpy as np\ndef body(x): return np.mean(x) + np.random.rand()")
    packages = [part for part in version.parts if part.kind == "package"]

    assert [part.name for part in packages] == ["numpy"]
    assert packages[0].text.startswith("numpy ")


def test_a_function_of_a_package_counts_by_its_name() -> None:
    """Another function of the same package is another version."""
    mean = seen("import numpy as np\ndef body(x): return np.mean(x)")
    median = seen("import numpy as np\nf = np.median\ndef body(x): return f(x)")
    other = seen("import numpy as np\nf = np.mean\ndef body(x): return f(x)")

    assert len({mean.digest, median.digest, other.digest}) == 3


def test_a_file_is_looked_at_once_an_evaluation(project: Project, tmp_path: Path) -> None:
    """An evaluation sees one state of the world, whatever changes meanwhile."""
    project(HELPERS)
    space = run_cells(USES["from"])
    evaluation = Evaluation(lambda name: False)
    before = evaluation.code_version(space["body"])
    (tmp_path / "flight_helpers.py").write_text("def clean(x): return 0")

    assert evaluation.code_version(space["body"]) == before


CONSTANT_USES = {
    "helper": "import flight_helpers\ndef body(x): return flight_helpers.clean(x)",
    "attribute": "import flight_helpers\ndef body(x): return flight_helpers.RATE",
    "whole": "import flight_helpers\ndef body(x): return getattr(flight_helpers, 'RATE')",
}


@pytest.mark.parametrize("use", CONSTANT_USES)
@pytest.mark.parametrize("new", ["RATE = 0.7", "RATE = 1 / 3"])
def test_a_constant_that_changed_on_disk_only_is_told(
    project: Project, tmp_path: Path, use: str, new: str
) -> None:
    """The module's functions are what they were, and a reload mends it."""
    module = project(HELPERS)
    assert seen(CONSTANT_USES[use]).stale_modules == ()
    (tmp_path / "flight_helpers.py").write_text(HELPERS.replace("RATE = 0.5", new))
    assert seen(CONSTANT_USES[use]).stale_modules == ("flight_helpers",)
    importlib.reload(module)
    assert seen(CONSTANT_USES[use]).stale_modules == ()


def test_a_constant_that_was_set_by_hand_is_no_change_on_disk(project: Project) -> None:
    """It counts as the value that it is."""
    module = project(HELPERS)
    before = seen(CONSTANT_USES["attribute"])
    vars(module)["RATE"] = 3
    after = seen(CONSTANT_USES["attribute"])
    assert after.stale_modules == ()
    assert before.digest != after.digest


@pytest.mark.parametrize(
    "cell",
    [
        "import importlib\ndef body(x): return importlib.import_module('flight_helpers').RATE",
        "def body(x):\n    import importlib as il\n    return il.import_module('flight_helpers').RATE",
        "import sys\ndef body(x): return sys.modules['flight_helpers'].RATE",
        "def body(x): return __import__('flight_helpers').RATE",
    ],
)
def test_a_module_that_is_loaded_by_a_written_name_is_followed(project: Project, cell: str) -> None:
    """As one that is imported."""
    project(HELPERS)
    before = seen(cell)
    project(HELPERS.replace("RATE = 0.5", "RATE = 0.7"))
    assert seen(cell).digest != before.digest


def test_a_function_from_before_a_reload_is_told_by_its_name(
    project: Project, tmp_path: Path
) -> None:
    """What was imported from the module is still the old one."""
    module = project(HELPERS)
    space = run_cells(USES["from"])
    (tmp_path / "flight_helpers.py").write_text(HELPERS.replace("floor(", "1 + floor("))
    assert version_in(space).stale_modules == ("flight_helpers",)
    importlib.reload(module)
    assert version_in(space).stale_modules == ("flight_helpers:clean",)
