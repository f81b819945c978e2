"""What cells tell packages by calls counts for bodies that may see it, though they do not name it."""

from __future__ import annotations

import pytest

from tests.notebook.saying import says
from tests.notebook.shells import Notebook

pytestmark = pytest.mark.usefixtures("untold")

CATCHES = "try:\n    value = {}\nexcept {}:\n    value = 'caught'\nvalue"
# What a cell says with {} for what it says otherwise later, both, and a body that shows it.
TOLD = {
    "dialect": (
        "import csv\ncsv.register_dialect('told', delimiter={})",
        ("';'", "','"),
        "list(csv.reader(['a;b,c'], 'told'))",
    ),
    "dialect by another name": (
        "import csv\nfrom csv import reader\ncsv.register_dialect('told', delimiter={})",
        ("';'", "','"),
        "list(reader(['a;b,c'], 'told'))",
    ),
    "codec's errors": (
        "import codecs\ndef found(error): return {}, error.end\ncodecs.register_error('told', found)",
        ("'?'", "'!'"),
        "b'a\\xff'.decode('utf-8', 'told')",
    ),
    "adapter": (
        "import sqlite3\nfrom contextlib import closing\n"
        "class Point: pass\nsqlite3.register_adapter(Point, lambda one: {})",
        ("'a'", "'b'"),
        "with closing(sqlite3.connect(':memory:')) as db:\n"
        "    rows = db.execute('select ?', (Point(),)).fetchall()\nrows",
    ),
    "pickle": (
        "import copy, copyreg\nclass Point:\n    def __init__(self, n): self.n = n\n"
        "def reduced(one): return Point, (one.n + {},)\ncopyreg.pickle(Point, reduced)",
        ("1", "2"),
        "copy.copy(Point(1)).n",
    ),
    "virtual subclass": (
        "from collections.abc import Sequence\nclass Point: pass\n{}",
        ("", "Sequence.register(Point)"),
        "isinstance(Point(), Sequence)",
    ),
    "type of files": (
        "import mimetypes\nmimetypes.add_type('x/{}', '.told')",
        ("a", "b"),
        "mimetypes.guess_type('a.told')",
    ),
    "colours": (
        "import matplotlib\nfrom matplotlib.colors import ListedColormap\n"
        "if 'told' in matplotlib.colormaps:\n    matplotlib.colormaps.unregister('told')\n"
        "matplotlib.colormaps.register(ListedColormap([{}], name='told'))",
        ("'red'", "'blue'"),
        "matplotlib.colormaps['told'](0)",
    ),
    "seed": ("import random\nrandom.seed({})", ("1", "2"), "random.random()"),
    "seed of NumPy": (
        "import numpy as np\nnp.random.seed({})",
        ("1", "2"),
        "float(np.random.normal())",
    ),
    "seed of samples": (
        "import numpy as np, pandas as pd\nnp.random.seed({})\nframe = pd.DataFrame({{'a': range(99)}})",
        ("1", "2"),
        "frame.sample(9).a.tolist()",
    ),
    "seed by a function": (
        "import numpy as np\ndef begin(n): np.random.seed(n)\nbegin({})",
        ("1", "2"),
        "float(np.random.normal())",
    ),
    "warnings that are raised": (
        "import warnings\nwarnings.simplefilter({}, UserWarning)",
        ("'ignore'", "'error'"),
        CATCHES.format("warnings.warn('so')", "UserWarning"),
    ),
    "depth of recursion": (
        "import sys\nsys.setrecursionlimit({})\ndef deep(n): return n and deep(n - 1)",
        ("1100", "9000"),
        CATCHES.format("deep(2500)", "RecursionError"),
    ),
    "what JSON has no form for": (
        "import json\ndef default(self, one): return {}\njson.JSONEncoder.default = default",
        ("'a'", "'b'"),
        "json.dumps(object())",
    ),
    "arguments": (
        "import argparse, sys\nsys.argv = ['so', '--n', {}]\n"
        "parser = argparse.ArgumentParser()\n_ = parser.add_argument('--n')",
        ("'1'", "'2'"),
        "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--n')\n"
        "parser.parse_args().n",
    ),
    "function of a query": (
        "import duckdb\ntry:\n    _ = duckdb.remove_function('told')\nexcept Exception:\n    pass\n"
        "def plus(n: int) -> int: return n + {}\n_ = duckdb.create_function('told', plus)",
        ("1", "2"),
        "duckdb.sql('select told(1)').fetchall()",
    ),
}


@pytest.mark.parametrize(("cell", "said", "body"), TOLD.values(), ids=TOLD)
def test_what_a_cell_tells_a_package_counts_where_it_shows(
    notebook: Notebook, cell: str, said: tuple[str, str], body: str
) -> None:
    """To say the same again changes nothing; another word is stale by right, and only there."""
    says(notebook, cell, said, body)
    assert notebook.state("result") == "fresh"


@pytest.mark.parametrize(
    "body",
    [
        "import random\nrandom.seed(3)\nrandom.random()",
        "import csv\ncsv.register_dialect('told', delimiter=';')\nlist(csv.reader(['a;b'], 'told'))",
        "import warnings\nwarnings.simplefilter('error')\n1",
    ],
)
def test_what_a_body_tells_is_its_own(notebook: Notebook, body: str) -> None:
    """It is part of its code, and makes nothing stale, itself included."""
    notebook("%%asset other\nimport csv, random\nrandom.random()", cell="other")
    notebook(f"%%asset result\n{body}", cell="result")
    assert (notebook.state("result"), notebook.state("other")) == ("fresh", "fresh")


def test_a_generator_with_a_seed_of_its_own_rests_on_no_other(notebook: Notebook) -> None:
    """The seed that a cell gives NumPy does not reach it."""
    notebook("import numpy as np\nnp.random.seed(1)")
    notebook("%%asset result\nint(np.random.default_rng(3).integers(9))", cell="result")
    notebook("np.random.seed(2)")
    assert notebook.state("result") == "fresh"
