"""The plain module: the same assets, the same data versions, no Jupyter."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from dagbook.errors.render import NotPlainPython
from tests.export.notebooks import exported, versions_of_module, versions_of_notebook

MANY = (
    "from dagbook import asset\nfor i in (1, 2):\n"
    "    @asset(name=f'x_{i}')\n    def x(i=i):\n        return i"
)
KEPT = "from dagbook import InMemoryIOManager\nkept = InMemoryIOManager()"
LIMIT = (
    "import dagbook as dg\n@dg.asset\ndef z():\n    return 1\n"
    "all_of_it = dg.Definitions(assets=[z], resources={'limit': 3})"
)
DOWN = "def down(n):\n    return up(n - 1) + up(n - 2) if n > 1 else a"
UP = "def up(n):\n    return down(n - 1) + down(n - 2) if n > 1 else a"
CLASS = "class F:\n    def __init__(self, n):\n        self.n = n\n    def f(self):\n        return a + self.n"
GRAPH = (
    "import dagbook as dg\n@dg.op\ndef one():\n    return 1\n@dg.graph\ndef g():\n    return one()\n"
    "made = dg.AssetsDefinition.from_graph(g)"
)
MADE = "from dagbook import asset\n@asset\ndef b():"
OUT = "from dagbook import Output"
ONE = "%%asset a\n1"
FRAME = "import pandas as pd\nSIZE = 3"
ORDERS = "%%asset orders --group raw\n'All orders.'\npd.DataFrame({'n': range(SIZE), 'x': 'y'})"


@pytest.mark.parametrize(
    "cells",
    [
        ("%%asset a\n1 + 1",),
        ("%%asset a\nx = 1\na = x + 1",),
        ("%%asset a\nx = 1; x",),
        ("%%asset a\nif True:\n    return 2\nreturn 3",),
        ("%%asset a\n[\n  1,\n  2,\n]",),
        ("%%asset a\nx = '''b\n  c\nd'''\nx",),
        ("%%asset a\nx = f'''b\n{1}'''\nx", "%%asset b\na.upper()"),
        ("%%asset a\nimport asyncio\nawait asyncio.sleep(0)\n1",),
        ("%%asset a\nfrom dagbook import Output\nyield Output(3)",),
        ("%%asset a\ncontext.log.info('x')\n1",),
        ("%%asset raw/a\n1", "%%asset b\na + 1", "%%asset c --ins v=raw/a\nv + 2"),
        ("%%asset a\n1", "%%asset b --deps a\n2"),
        ("x = 1", "%%asset a\nx = x + 1\nx"),
        ("%%asset a\n#| group: g\n#| tag: k=v\n1",),
        ("def f(v):\n    return v + 1", "%%asset a\nf(1)", "%%asset b\nf(a)"),
        ("%load_ext dagbook\nk = 2", "%%asset a\nk", "a + 1", "%dag", "y = a\nprint(y)"),
        ("%%time\nk = 2\n%time j = 3", "%%asset a\nk + j"),
        ("a = 5", "%%asset b\na"),
        ("%%asset a --retries 2 --delay 1 --max-age 1h --owner me@x.y --kind k --tag u=v\n1",),
        ("from dagbook import asset, asset_check", "@asset\ndef a(): return 1", "%%asset b\na + 1"),
        (ONE, "%%op more(n, by=1)\nn + by", "%%graph_asset b\nmore(more(a))"),
        (ONE, "%%op halves(n) --out x,y\nx = n\ny = n + 1", "%%graph_asset b\nhalves(a)[1]"),
        (ONE, "%%op halves(n) --out x y?\nx = n", "%%graph_multi_asset b c\nb, c = halves(a)"),
        (ONE, "%%op named(n) --retries 2\ncontext.log.info('x')\nn", "%%graph_asset p/b\nnamed(a)"),
        (ONE, "%%multi_asset b p/c --group g\nb = a + 1\nc = b + 1", "%%asset d\nb + c"),
        (ONE, "def f(n):\n    return a + n", "def g():\n    return f(1)", "%%asset b\ng() + 1"),
        (ONE, "def f(*, n=2):\n    return a + n", "%%multi_asset b c\nb = f()\nc = f(n=3)"),
        (ONE, "def f():\n    return a > 0", "%%asset_check fine --asset a\nf()"),
        (ONE, CLASS, "%%asset b\nF(2).f()", "%%asset_check fine\nF(b).f() == b + 1"),
        (
            ONE,
            "class F:\n    n = 3",
            "class G(F):\n    m = lambda _: a",
            "%%asset b\nG().m() + G.n",
        ),
        (ONE, "f = lambda n: a + n", "async def g():\n    return f(1)", "%%asset b\nawait g()"),
        (ONE, "from functools import cache\n@cache\ndef f():\n    return a", "%%asset b\nf()"),
        (ONE, "def f(n):\n    return f(n - 1) if n else a", "%%asset b\nf(3)", "%%asset c\nf(2)"),
        (ONE, "def f():\n    return a", "%%asset b\nv = f()\na = 5\nv + a + f()"),
        ("%%asset raw/a\n1", "def f():\n    return a", "%%asset b\nf()"),
        (KEPT, "%%asset a --io kept\n1", "%%asset b\na + 1"),
        (LIMIT, "%%asset a\ncontext.resources.limit", "%%asset b\na + z"),
        (ONE, f"{DOWN}\n{UP}", "%%asset b\ndown(3)", "%%asset c\nup(2) + down(1)"),
        (
            ONE,
            f"from functools import cache\n@cache\n{DOWN}",
            "K = 2",
            f"@cache\n{UP}",
            "%%asset b\nup(60)",
        ),
        ("x = 1", ONE, "%%multi_asset b c\nx = x + 1\nb = x\nc = a"),
        ("x = !echo 1", "y = x[0]\nz = 2", ONE, "print(y)", "%%asset b\nz"),
        ("k = 1\n!echo a \\\n  b\n!touch made.csv", "z = 2", "%%asset b\nz + k"),
        ("k = !ls", "def f():\n    return k", "k = 5", "%%asset b\nf()"),
        ("%%capture out\nk = 1\nprint(k)", "print(out)", "%%asset b\nk"),
        ("%%time\nk = 1\n!ls", "%%asset b\n2"),
        (MANY, "%%asset b\nx_1 + x_2"),
        (GRAPH, "%%asset b\ng + 1"),
        (MANY, ONE, "%%asset ext --external", "%%asset b --deps ext\nx_1 + a"),
        (OUT, ONE, "%%multi_asset b c --can-subset\nyield Output(a, 'b')\nyield Output(a, 'c')"),
        (ONE, "%%multi_asset b c\na, a + 1"),
        (FRAME, ORDERS, "%%asset big --sql\nselect * from orders where n > 0"),
        (
            FRAME,
            ORDERS,
            "%%asset big --sql --as arrow\nselect n + $SIZE as m from orders order by 1",
        ),
        (FRAME, ORDERS, "%%asset q --sql\nselect '\\n' as \"a b\" from orders"),
        (
            "%%asset a\n1",
            "%%asset_check c --blocking\na > 0",
            "%%asset_check d\nassert a < 0, 'no'",
        ),
        (FRAME, ORDERS, "%%asset_check c --sql --severity warn\nfrom orders where n > 1"),
        ("%%asset a\n1", "%%asset b\n1", "%%asset_check c --asset a\na == b, {'a': a}"),
    ],
)
def test_the_module_gives_the_same_data_versions_and_verdicts(
    cells: tuple[str, ...], tmp_path: Path
) -> None:
    """Run by a Python in which IPython is never loaded; what is fresh in one is fresh in both."""
    expected = versions_of_notebook(tmp_path / "n.ipynb", *cells)
    exported(tmp_path / "plain.py", *cells, run=False)
    assert versions_of_module(tmp_path / "plain.py") == expected
    assert expected[0]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (("%%asset a\n!ls\n1",), "invalid syntax"),
        (("%%asset a\nx = %time 1\nx",), "invalid syntax"),
        (("x = !ls", "%%asset a\nx"), r"reads x, which cell \[1\] binds"),
        (("x = !ls", "y = x[0]", "def f():\n    return y", "%%asset a\nf()"), "reads f, which"),
        (("%%capture x\n1", "%%asset a\nx"), r"reads x, which cell \[1\] binds"),
        (("x = !ls", "from dagbook import asset\n@asset\ndef a():\n    return x"), "reads x"),
        (
            (ONE, "def f():\n    return a", f"{MADE}\n    return f()"),
            "uses f, which reads the asset a .*: give f a parameter a",
        ),
        ((ONE, f"{MADE}\n    return a"), "reads the asset a .*: make a a parameter"),
    ],
)
def test_what_needs_jupyter_is_refused_with_its_cell(
    cells: tuple[str, ...], why: str, tmp_path: Path
) -> None:
    """And nothing is written."""
    with pytest.raises(NotPlainPython, match=why) as error:
        exported(tmp_path / "plain.py", *cells, run=False)
    assert error.value.place.where.startswith("cell [")
    assert not (tmp_path / "plain.py").exists()


def test_values_go_where_the_notebooks_manager_keeps_them(tmp_path: Path) -> None:
    """A table of the database that the cell names, which others read below."""
    tables = f"{FRAME}\nfrom dagbook import DuckDBIOManager\ntables = DuckDBIOManager(database='w.duckdb')"
    rows = "%%asset rows --io tables\npd.DataFrame({'n': [1, 2]})"
    exported(tmp_path / "plain.py", tables, rows, "%%asset total\nrows.n.sum()", run=False)
    found = versions_of_module(tmp_path / "plain.py")
    assert found[0]["rows"] == "run"
    with duckdb.connect(str(tmp_path / "w.duckdb")) as connection:
        assert connection.sql("select sum(n) from rows").fetchall() == [(3,)]


def test_a_variable_of_an_assets_name_keeps_it(tmp_path: Path) -> None:
    """The asset's function gets another one."""
    text = exported(tmp_path / "p.py", "a = 1\ndef f(): return a", "%%asset a\n2", run=False)
    assert "@asset(name='a')\ndef a_asset():" in text


def test_prose_and_what_only_shows_stay_as_comments(tmp_path: Path) -> None:
    """In the order of the notebook."""
    text = exported(tmp_path / "p.py", "%%asset a\n1", "a + 1\n\nz = 2", "%dag", run=False)
    assert "# a + 1" in text
    assert "\nz = 2" in text
    assert "# %dag" in text


@pytest.mark.parametrize("more", ["%%asset c\nb + 1", MANY])
def test_what_a_module_defines_is_loaded_by_the_plain_module_too(more: str, tmp_path: Path) -> None:
    """`%load_assets` becomes an import, and one of `DEFINITIONS`."""
    shop = (
        "from dagbook import asset\n@asset\ndef a():\n    return 1\n@asset\ndef b(a):\n    return a"
    )
    (tmp_path / "shop_of_this_test.py").write_text(shop)
    cells = ("%load_ext dagbook\n%load_assets shop_of_this_test", more)
    expected = versions_of_notebook(tmp_path / "n.ipynb", *cells)
    exported(tmp_path / "plain.py", *cells, run=False)
    assert versions_of_module(tmp_path / "plain.py") == expected
    assert {"a", "b"} < expected[0].keys()
