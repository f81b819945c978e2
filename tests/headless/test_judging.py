"""Which statements of ordinary cells run without a screen, and which are left out."""

from __future__ import annotations

import ast
import math
from typing import Any

import pytest
from IPython.core.inputtransformer2 import TransformerManager

import dagbook
from dagbook.headless.judging import Judgement, Known, judge
from dagbook.headless.magics import asset_names, defines, expanded

ASSETS = frozenset({"orders", "users"})


def judged(text: str, namespace: dict[str, Any] | None = None, **left: str) -> Judgement:
    """The judgement of a cell, where `orders` and `users` are assets."""
    transform = TransformerManager().transform_cell
    tree = expanded(ast.parse(transform(text)), transform)
    known = Known(is_asset=ASSETS.__contains__, namespace=namespace or {}, left=left)
    return judge(tree, known)


def kept(text: str, namespace: dict[str, Any] | None = None, **left: str) -> list[str]:
    """The lines of one-line statements that run."""
    dropped = judged(text, namespace, **left).dropped
    return [line for place, line in enumerate(text.splitlines()) if place not in dropped]


@pytest.mark.parametrize(
    "text",
    [
        "import pandas as pd",
        "def worst(n):\n    return orders[:n]",
        "worst = lambda n: orders[:n]",
        "class Table:\n    def rows(self):\n        return orders",
        "orders = [1]\nprint(orders)",
        "total = sum(n for n in range(3))",
        "for orders in range(3):\n    print(orders)",
        "%matplotlib inline",
        "!pip --version",
        "import dagbook\n@dagbook.asset\ndef late(orders):\n    return orders",
        "def made():\n    @asset\n    def late(orders):\n        return orders, users\nmade()",
        "def named(orders):\n    return orders\nnamed(1)",
        "text = 'orders'",
        "box = {}\nbox['orders'] = 1",
        "%config Dagbook.keep = 2",
        "%load_assets pipeline",
    ],
)
def test_what_definitions_may_need_runs(text: str) -> None:
    """Imports, functions that are only defined, own variables, other magics."""
    assert judged(text).dropped == frozenset()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("orders.head()", "reads the asset orders"),
        ("orders = orders.dropna()", "reads the asset orders"),
        ("print([n for n in orders])", "reads the asset orders"),
        ("%time orders.head()", "reads the asset orders"),
        ("%%time\nx = orders.head()", "reads the asset orders"),
        ("if True:\n    orders", "reads the asset orders"),
        ("%dag", "%dag"),
        ("result = %materialize orders", "%materialize"),
        ("if True:\n    %dag", "%dag"),
        ("%%capture\n%materialize", "%materialize"),
        ("def worst():\n    return orders\nworst()", "reads the asset orders through worst()"),
        ("f = lambda: users\ndef g():\n    return f()\ng()", "reads the asset users through g()"),
        ("import dagbook\ndagbook.workspace().value('orders')", "asks the workspace: .value"),
        ("w = workspace()\nw.materialize()", "asks the workspace: .materialize"),
        ("workspace().statuses()", "asks the workspace: .statuses"),
        (
            "def ask(key):\n    return workspace().select(key)\nask('a')",
            "asks the workspace through ask(): .select",
        ),
    ],
)
def test_what_reads_runs_or_shows_assets_is_left_out(text: str, reason: str) -> None:
    """Each with the reason in words."""
    assert judged(text).reasons == (reason,)


def test_the_dropped_magic_leaves_the_rest_of_its_cell() -> None:
    """A magic that shows something is dropped alone."""
    assert kept("import os\n%dag\nlimit = os.cpu_count()") == [
        "import os",
        "limit = os.cpu_count()",
    ]


def test_a_cell_that_reads_an_asset_keeps_what_holds_alone() -> None:
    """Imports and constants may be needed elsewhere; what else it does belongs to the reading."""
    text = "import os\nLIMIT = -5\nrows = []\nsend = os.remove\nprint(orders)"
    assert kept(text) == ["import os", "LIMIT = -5"]


def test_definitions_beside_what_runs_them_are_kept() -> None:
    """A graph that becomes an asset, for instance; the run and what comes of it are left out."""
    text = "made = AssetsDefinition.from_graph(add)\nresult = materialize([made])\nresult.success"
    assert kept(text, {"materialize": dagbook.materialize}) == [text.splitlines()[0]]


def test_a_constant_that_the_reading_changes_is_no_constant() -> None:
    """A total that was to be summed up must not be seen as 0."""
    found = judged("total = 0\nfor n in orders:\n    total += n")
    assert found.dropped == {0, 1}
    assert found.left_names == {"total", "n"}


def test_a_list_that_the_reading_fills_is_left_out() -> None:
    """Also where an earlier cell made it."""
    assert "rows" in judged("for n in orders:\n    rows.append(n)", {"rows": []}).left_names
    assert "frame" in judged("frame['n'] = orders").left_names


def test_names_that_were_left_out_take_their_readers_along() -> None:
    """Across cells, with the cell that binds them, until they are bound anew."""
    assert judged("print(top)", top="cell [2]").reasons == ("reads top, which cell [2] binds",)
    assert judged("top = 1\nprint(top)", top="cell [2]").dropped == frozenset()


def test_a_variable_beats_an_asset_of_its_name() -> None:
    """As it does in an ordinary cell of a notebook."""
    assert judged("print(orders)", {"orders": [1]}).dropped == frozenset()


def test_a_decorated_definition_is_read_by_its_value() -> None:
    """Naming it is no reading; asking for `.value` is."""

    @dagbook.asset
    def late() -> int:
        return 1

    names = {"late": late, "math": math}
    assert judged("both = [late, math.pi]", names).dropped == frozenset()
    assert judged("late.value + 1", names).reasons == ("reads the asset late",)
    assert judged("dagbook.materialize([late])", {"dagbook": dagbook}).dropped == {0}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("%%asset orders\n1", ("orders",)),
        ("%%asset raw/orders --deps a b", ("orders",)),
        ("%%multi_asset a, b # note", ("a", "b")),
        ("%%asset_check few\nTrue", ()),
        ("%%asset\n", ()),
        ("%%time\nx", ()),
        ("orders = 1", ()),
    ],
)
def test_asset_names_stand_in_the_header(text: str, names: tuple[str, ...]) -> None:
    """The last part of the key is the name that cells read."""
    assert asset_names(text) == names
    assert defines(text) == text.startswith(("%%asset", "%%multi"))
