"""A table of edits of a notebook: the cells before and after, and whether the asset must run again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """An edit of what stands above an asset (`head`) or of its body; None leaves it as it is.

    `body` are statements that end in an expression; `stale`: whether a run could show the edit.
    """

    name: str
    head: str = ""
    body: str = "raw + 1"
    new_head: str | None = None
    new_body: str | None = None
    stale: bool

    @property
    def cells(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Head and body before, and after."""
        head = self.head if self.new_head is None else self.new_head
        body = self.body if self.new_body is None else self.new_body
        return (self.head, self.body), (head, body)


def _body(name: str, before: str, after: str, *, stale: bool, head: str = "") -> Edit:
    return Edit(name=name, head=head, body=before, new_body=after, stale=stale)


def head(name: str, before: str, after: str, body: str, *, stale: bool) -> Edit:
    return Edit(name=name, head=before, new_head=after, body=body, stale=stale)


_HELPER = "def helper(x):\n    return x * 2\n"
_DEEP = "def base(x):\n    return x + {n}\ndef helper(x):\n    return base(x) * 2\n"
_DECORATOR = """
import functools
def plus(n):
    def around(f):
        {wraps}
        def inner(*a):
            return f(*a) + n + {inner}
        return inner
    return around
@plus({n})
def helper(x):
    return x * {own}
"""


def _decorated(**parts: object) -> str:
    filled = {"wraps": "@functools.wraps(f)", "inner": 0, "n": 1, "own": 2}
    return _DECORATOR.format(**(filled | parts))


OF_TEXT = [
    _body("comment", "raw + 1", "# why\nraw + 1  # so", stale=False),
    _body("formatting", "raw + 1", "(raw\n  +   1)", stale=False),
    _body("blank lines", "x = raw\nx", "x = raw\n\n\nx", stale=False),
    _body("quotes", "'a' * raw", '"a" * raw', stale=False),
    _body("number notation", "raw + 16", "raw + 0x10", stale=False),
    _body("literal", "raw + 1", "raw + 2", stale=True),
    _body("type of a literal", "raw + 1", "raw + 1.0", stale=True),
    _body("operator", "raw + 2", "raw * 2", stale=True),
    _body("order of operands", "raw - 1", "1 - raw", stale=True),
    _body("string", "'a' * raw", "'b' * raw", stale=True),
    _body("f-string text", "f'{raw} a'", "f'{raw} b'", stale=True),
    _body("f-string format", "f'{raw:.1f}'", "f'{raw:.2f}'", stale=True),
    _body("comprehension", "[i for i in range(raw)]", "[i + 1 for i in range(raw)]", stale=True),
    _body("filter", "[i for i in range(9)]", "[i for i in range(9) if i]", stale=True),
    _body("nested function", "def f(): return 1\nf()", "def f(): return 2\nf()", stale=True),
    _body("lambda", "(lambda x: x + 1)(raw)", "(lambda x: x + 2)(raw)", stale=True),
    _body("branch", "1 if raw else 2", "2 if raw else 1", stale=True),
    _body("keyword", "sorted([1, 2])", "sorted([1, 2], reverse=True)", stale=True),
    _body("import as", "import math as m\nm.pi", "import math as n\nn.pi", stale=True),
    _body(
        "what is imported", "from math import pi as x\nx", "from math import e as x\nx", stale=True
    ),
]

OF_HELPERS = [
    head("helper", _HELPER, _HELPER.replace("2", "3"), "helper(raw)", stale=True),
    head("helper's comment", _HELPER, _HELPER + "# end\n", "helper(raw)", stale=False),
    head(
        "helper's docstring",
        _HELPER,
        _HELPER.replace("    return", "    'Doc.'\n    return"),
        "helper(raw)",
        stale=False,
    ),
    head(
        "helper's formatting", _HELPER, "def helper(x): return (x*2)\n", "helper(raw)", stale=False
    ),
    head("unused helper", _HELPER, _HELPER + "def more(): pass\n", "helper(raw)", stale=False),
    head("helper nobody calls", _HELPER, _HELPER.replace("2", "3"), "raw + 1", stale=False),
    head("helper's helper", _DEEP.format(n=1), _DEEP.format(n=2), "helper(raw)", stale=True),
    head(
        "order of functions",
        "def a(x): return x\ndef b(x): return a(x)\n",
        "def b(x): return a(x)\ndef a(x): return x\n",
        "b(raw)",
        stale=False,
    ),
    head(
        "default",
        "def helper(x, n=1): return x + n\n",
        "def helper(x, n=2): return x + n\n",
        "helper(raw)",
        stale=True,
    ),
    head(
        "default by a constant",
        "N = 1\ndef helper(x, n=N): return x + n\n",
        "N = 2\ndef helper(x, n=N): return x + n\n",
        "helper(raw)",
        stale=True,
    ),
    head(
        "closure",
        "def make(n):\n    return lambda x: x + n\nhelper = make(1)\n",
        "def make(n):\n    return lambda x: x + n\nhelper = make(2)\n",
        "helper(raw)",
        stale=True,
    ),
    head(
        "partial",
        "from functools import partial\nhelper = partial(pow, 2)\n",
        "from functools import partial\nhelper = partial(pow, 3)\n",
        "helper(raw)",
        stale=True,
    ),
    head(
        "recursion",
        "def f(n): return f(n - 1) if n else 0\n",
        "def f(n): return f(n - 1) if n else 1\n",
        "f(raw)",
        stale=True,
    ),
    head(
        "mutual recursion",
        "def a(n): return b(n - 1) if n else 0\ndef b(n): return a(n)\n",
        "def a(n): return b(n - 1) if n else 0\ndef b(n): return a(n) + 1\n",
        "a(raw)",
        stale=True,
    ),
    head("decorator's argument", _decorated(), _decorated(n=5), "helper(raw)", stale=True),
    head("decorator's wrapper", _decorated(), _decorated(inner=4), "helper(raw)", stale=True),
    head("decorated function", _decorated(), _decorated(own=9), "helper(raw)", stale=True),
    head(
        "decorated without wraps",
        _decorated(wraps="pass"),
        _decorated(wraps="pass", own=9),
        "helper(raw)",
        stale=True,
    ),
    head(
        "lambda in a dictionary",
        "ways = {'a': lambda x: x + 1}\n",
        "ways = {'a': lambda x: x + 2}\n",
        "ways['a'](raw)",
        stale=True,
    ),
    head(
        "cached helper",
        "from functools import lru_cache\n@lru_cache\ndef f(x): return x + 1\n",
        "from functools import lru_cache\n@lru_cache\ndef f(x): return x + 2\n",
        "f(raw)",
        stale=True,
    ),
    head(
        "dispatched helper",
        "from functools import singledispatch\n@singledispatch\ndef f(x): return 0\n"
        "@f.register\ndef _(x: int): return 1\n",
        "from functools import singledispatch\n@singledispatch\ndef f(x): return 0\n"
        "@f.register\ndef _(x: int): return 2\n",
        "f(raw)",
        stale=True,
    ),
    head(
        "helper passed on",
        "def f(x): return x + 1\n",
        "def f(x): return x + 2\n",
        "list(map(f, [raw]))",
        stale=True,
    ),
    head(
        "generator",
        "def f():\n    yield 1\n",
        "def f():\n    yield 1\n    yield 2\n",
        "list(f())",
        stale=True,
    ),
]

OF_VALUES = [
    head("constant", "RATE = 2\n", "RATE = 3\n", "raw * RATE", stale=True),
    head("constant made otherwise", "RATE = 4\n", "RATE = 2 + 2\n", "raw * RATE", stale=False),
    head("type of a constant", "RATE = 1\n", "RATE = 1.0\n", "raw * RATE", stale=True),
    head("constant nobody reads", "RATE = 2\n", "RATE = 3\n", "raw + 1", stale=False),
    head(
        "constant of a helper",
        "R = 1\ndef f(x): return x + R\n",
        "R = 2\ndef f(x): return x + R\n",
        "f(raw)",
        stale=True,
    ),
    head("list", "L = [1, 2]\n", "L = [1, 2, 3]\n", "sum(L)", stale=True),
    head(
        "list changed in place", "L = [1, 2]\n", "L = [1, 2]\nL.append(3)\n", "sum(L)", stale=True
    ),
    head(
        "nested dictionary",
        "D = {'a': {'b': 1}}\n",
        "D = {'a': {'b': 2}}\n",
        "D['a']['b']",
        stale=True,
    ),
    head(
        "order of a set", "S = {'a', 'b', 'c'}\n", "S = {'c', 'b', 'a'}\n", "sorted(S)", stale=False
    ),
    head(
        "frame",
        "import pandas as pd\nF = pd.DataFrame({'a': [1, 2]})\n",
        "import pandas as pd\nF = pd.DataFrame({'a': [1, 5]})\n",
        "int(F.a.sum())",
        stale=True,
    ),
    head(
        "frame made otherwise",
        "import pandas as pd\nF = pd.DataFrame({'a': [1, 2]})\n",
        "import pandas as pd\nF = pd.DataFrame([{'a': 1}, {'a': 2}])\n",
        "int(F.a.sum())",
        stale=False,
    ),
    head(
        "column's type",
        "import pandas as pd\nF = pd.DataFrame({'a': [1, 2]})\n",
        "import pandas as pd\nF = pd.DataFrame({'a': [1.0, 2.0]})\n",
        "str(F.a.sum())",
        stale=True,
    ),
    head(
        "frame changed in place",
        "import pandas as pd\nF = pd.DataFrame({'a': [1, 2]})\n",
        "import pandas as pd\nF = pd.DataFrame({'a': [1, 2]})\nF.loc[0, 'a'] = 7\n",
        "int(F.a.sum())",
        stale=True,
    ),
    head(
        "array",
        "import numpy as np\nA = np.arange(3)\n",
        "import numpy as np\nA = np.arange(4)\n",
        "int(A.sum())",
        stale=True,
    ),
    head(
        "array changed in place",
        "import numpy as np\nA = np.arange(3)\n",
        "import numpy as np\nA = np.arange(3)\nA[0] = 9\n",
        "int(A.sum())",
        stale=True,
    ),
    head(
        "polars frame",
        "import polars as pl\nF = pl.DataFrame({'a': [1]})\n",
        "import polars as pl\nF = pl.DataFrame({'a': [2]})\n",
        "F['a'].sum()",
        stale=True,
    ),
    head(
        "regular expression",
        "import re\nR = re.compile('a')\n",
        "import re\nR = re.compile('b')\n",
        "bool(R.match('a'))",
        stale=True,
    ),
    head(
        "date",
        "import datetime\nD = datetime.date(2026, 1, 1)\n",
        "import datetime\nD = datetime.date(2026, 1, 2)\n",
        "D.day",
        stale=True,
    ),
    head(
        "environment variable",
        "import os\nos.environ['DAGBOOK_T'] = 'a'\n",
        "import os\nos.environ['DAGBOOK_T'] = 'b'\n",
        "os.environ['DAGBOOK_T']",
        stale=True,
    ),
    head(
        "another environment variable",
        "import os\nos.environ['DAGBOOK_U'] = 'a'\n",
        "import os\nos.environ['DAGBOOK_U'] = 'b'\n",
        "os.environ.get('DAGBOOK_T2', 'x')",
        stale=False,
    ),
    head(
        "alias of a module",
        "import math as m\n",
        "import cmath as m\n",
        "str(m.sqrt(raw))",
        stale=True,
    ),
    head(
        "imported name",
        "from math import floor as f\n",
        "from math import ceil as f\n",
        "f(raw / 2)",
        stale=True,
    ),
    head(
        "secret",
        "API_TOKEN = 'a'\n",
        "API_TOKEN = 'b'\n",
        "len(API_TOKEN) + ord(API_TOKEN)",
        stale=True,
    ),
    head(
        "object",
        "from types import SimpleNamespace as N\nC = N(a=1)\n",
        "from types import SimpleNamespace as N\nC = N(a=2)\n",
        "C.a",
        stale=True,
    ),
    head(
        "object changed in place",
        "from types import SimpleNamespace as N\nC = N(a=1)\n",
        "from types import SimpleNamespace as N\nC = N(a=1)\nC.a = 5\n",
        "C.a",
        stale=True,
    ),
    head("name in a string only", "x = 1\n", "x = 2\n", "'x'", stale=False),
]

EDITS = [*OF_TEXT, *OF_HELPERS, *OF_VALUES]
