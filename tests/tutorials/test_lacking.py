"""What a page uses and the module that stands in does not have is left out, and told."""

from __future__ import annotations

import ast

import pytest

from dagbook.tutorials.lacking import Lacking
from tests.tutorials.pages import code, python

OFFERED = {"dagbook": frozenset({"asset", "Definitions"})}


def kept(*texts: str) -> list[str]:
    """The statements of cells that still run, each cell's on a line."""
    lacking = Lacking(OFFERED)
    return ["; ".join(map(ast.unparse, ast.parse(lacking.without(text)).body)) for text in texts]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("import dagbook as dg\ndg.asset\ndg.Sensor()", "import dagbook as dg; dg.asset"),
        ("import dagbook\nx = [dagbook.Sensor]\ny = 1", "import dagbook; y = 1"),
        ("from dagbook import Sensor, asset\nasset", "from dagbook import asset; asset"),
        ("from dagbook import Sensor\nSensor()\n1", "1"),
        ("from dagbook import Sensor as S\nasync def f(a: S):\n    pass", ""),
        ("import os\nos.Sensor", "import os; os.Sensor"),
        ("from other import Sensor\nSensor()", "from other import Sensor; Sensor()"),
        ("import dagbook as dg\n@dg.asset\n@dg.later\ndef f():\n    pass", "import dagbook as dg"),
    ],
)
def test_what_needs_a_name_that_is_not_there_is_left_out(text: str, left: str) -> None:
    """A whole statement, with its decorators; other modules' names count for nothing."""
    assert kept(text) == [left]


def test_what_needs_something_left_out_is_left_out_too() -> None:
    """Through names, and through the parameters of assets; until the name is bound again."""
    first = "import dagbook as dg\n\n@dg.asset(when=dg.When())\ndef a():\n    pass"
    assert kept(first, "@dg.asset\ndef b(a):\n    pass", "c = [b]", "a = 1\na")[1:] == [
        "",
        "",
        "a = 1; a",
    ]


def test_what_is_left_out_stays_to_be_read() -> None:
    """As comments in its place, below the reason; what stands around it stays as it was written."""
    text = "import dagbook as dg\n\nx = 1  # one\ns = dg.Sensor(\n    'a',\n)\n\n# last"
    assert Lacking(OFFERED).without(text) == (
        "import dagbook as dg\n\nx = 1  # one\n# Left out, because dagbook has no `Sensor`:\n"
        "# s = dg.Sensor(\n#     'a',\n# )\n\n# last"
    )


def test_the_reader_is_told_what_to_do_instead_of_schedules() -> None:
    """In the notes of the page, each name once."""
    lacking = Lacking(OFFERED)
    lacking.without("from dagbook import ScheduleDefinition as S\na = S()\nb = S()")
    (note,) = lacking.notes("page.md")
    assert note.startswith(
        "page.md: dagbook has no `ScheduleDefinition`; what uses it is left out."
    )
    assert "cron" in note


def test_names_count_where_modules_are_replaced() -> None:
    """A page that is rendered without aliases keeps its code."""
    text = python("import dagster as dg\ndg.Sensor()")
    options = {"offered": OFFERED, "aliases": (("dagster", "dagbook"),)}
    assert "# dg.Sensor()" in code(text, **options)[1]
    assert code(text, offered=OFFERED) == [text[len("```python\n") : -len("\n```\n")]]
