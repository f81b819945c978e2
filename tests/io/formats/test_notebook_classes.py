"""Classes of the notebook: after a restart, a value is of the class that is defined there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

WRITE = """
stored = ObjectStore(Path(sys.argv[1])).put(value)
Path(sys.argv[1], "record").write_bytes(pickle.dumps(stored))
"""
READ = """
stored = pickle.loads(Path(sys.argv[1], "record").read_bytes())
back = ObjectStore(Path(sys.argv[1])).load(stored)
"""
HEAD = """
import enum, functools, pickle, sys
from dataclasses import dataclass, field
from pathlib import Path
from dagbook.io.objects import ObjectStore
"""
POINT = """
@dataclass
class Point:
    x: int = 1
    tags: list = field(default_factory=list)
    @property
    def twice(self): return 2 * self.x
    @classmethod
    def zero(cls): return cls(0)
    @functools.cached_property
    def half(self): return self.x / 2
"""
COLOUR = """
class Colour(enum.Enum):
    RED = 1
    BLUE = 2
"""
CHILD = (
    POINT
    + """
class Child(Point):
    def name(self): return f"{super().twice} {[n for n in range(self.x)]} {Point.__name__}"
"""
)


# Code of another Python is told by this tag, by which Python tells its own compiled files apart.
OTHER_PYTHON = "import sys; sys.implementation.cache_tag = 'other-1'\n"


def session(folder: Path, text: str, *, before: str = "") -> str:
    """What a new Python process prints that runs the text as its main module."""
    command = [sys.executable, "-c", before + HEAD + text, str(folder)]
    shown = subprocess.run(command, capture_output=True, text=True)
    assert shown.returncode == 0, shown.stderr
    return shown.stdout.strip()


@pytest.mark.parametrize(
    ("define", "value", "question"),
    [
        (POINT, "Point(3, ['a'])", "back == Point(3, ['a']) and isinstance(back, Point)"),
        (COLOUR, "{Colour.RED: 1}", "back[Colour.RED] == 1 and next(iter(back)) is Colour.RED"),
        (CHILD, "[Child(2)]", "type(back[0]) is Child and back[0].name() == '4 [0, 1] Point'"),
        (POINT, "Point", "back is Point"),
        (POINT, "lambda: Point(5)", "type(back()) is Point"),
    ],
)
def test_an_equal_definition_is_the_class_of_the_value(
    tmp_path: Path, define: str, value: str, question: str
) -> None:
    """After a restart in which the same cell ran again, types and identities agree."""
    session(tmp_path, f"{define}\nvalue = {value}\n{WRITE}")
    # The blank lines and the comment: the cell may stand elsewhere now.
    assert session(tmp_path, f"\n\n# moved\n{define}\n{READ}\nprint({question})") == "True"


@pytest.mark.parametrize(
    ("define", "value", "question"),
    [
        (POINT, "Point(3)", "back.twice == 6 and type(back).__name__ == 'Point'"),
        (COLOUR, "Colour.BLUE", "back.name == 'BLUE' and back.value == 2"),
        (CHILD, "Child(1)", "back.name() == '2 [0] Point'"),
    ],
)
def test_a_value_comes_back_where_its_class_is_not_defined(
    tmp_path: Path, define: str, value: str, question: str
) -> None:
    """Before the cell of the class has run, the value carries its class with it."""
    session(tmp_path, f"{define}\nvalue = {value}\n{WRITE}")
    assert session(tmp_path, f"{READ}\nprint({question})") == "True"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2 * self.x", "3 * self.x"),
        ("x: int = 1", "x: int = 7"),
        ("cls(0)", "cls(1)"),
        ("self.x / 2", "self.x / 3"),
        ("class Point:", "class Point(dict):"),
    ],
)
def test_a_changed_definition_is_not_given_to_an_old_value(
    tmp_path: Path, old: str, new: str
) -> None:
    """The value keeps the class that it was made with."""
    session(tmp_path, f"{POINT}\nvalue = Point(3)\n{WRITE}")
    changed = POINT.replace(old, new)
    assert changed != POINT
    assert (
        session(tmp_path, f"{changed}\n{READ}\nprint(type(back) is Point, back.twice)") == "False 6"
    )


def test_an_instance_outlives_the_redefinition_of_its_class(tmp_path: Path) -> None:
    """Running the class's cell again does not make older instances unstorable."""
    text = f"{POINT}\nvalue = Point(3)\n{POINT}\n{WRITE}\n{READ}\nprint(back == Point(3))"
    assert session(tmp_path, text) == "True"


def test_another_python_gives_the_value_the_class_of_that_name(tmp_path: Path) -> None:
    """There the same source compiles to other code, and what was written cannot run."""
    session(tmp_path, f"{POINT}\nvalue = Point(3)\n{WRITE}")
    compiled_otherwise = POINT.replace("2 * self.x", "self.x * 2")
    text = f"{compiled_otherwise}\n{READ}\nprint(back == Point(3), back.twice)"
    assert session(tmp_path, text, before=OTHER_PYTHON) == "True 6"


@pytest.mark.parametrize("value", ["Point(3)", "lambda: Point(3)", "{1: lambda: 2}"])
def test_code_of_another_python_is_refused(tmp_path: Path, value: str) -> None:
    """By an error that names both: running it would end the process."""
    session(tmp_path, f"{POINT}\nvalue = {value}\n{WRITE}")
    failing = (
        "sys.excepthook = lambda kind, error, where: print(kind.__name__, error) or os._exit(0)"
    )
    said = session(tmp_path, f"import os\n{failing}\n{READ}", before=OTHER_PYTHON)
    assert said.startswith("NotLoadable")
    assert f"code of {sys.implementation.cache_tag}, which other-1 cannot run" in said
