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


def _head(name: str, before: str, after: str, body: str, *, stale: bool) -> Edit:
    return Edit(name=name, head=before, new_head=after, body=body, stale=stale)


_HELPER = "def helper(x):\n    return x * 2\n"
_DEEP = "def base(x):\n    return x + {n}\ndef helper(x):\n    return base(x) * 2\n"
_CLASS = """
class Model:
    rate = {rate}
    {doc}
    def __init__(self, n):
        self.n = n
    def apply(self, x):
        return x * self.rate + self.n * {method}
    @property
    def twice(self):
        return {prop} * self.n
    @staticmethod
    def tidy(x):
        return x {tidy}
"""
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


def _model(**parts: object) -> str:
    filled = {"rate": 2, "doc": '"""A model."""', "method": 1, "prop": 2, "tidy": "+ 0"}
    return _CLASS.format(**(filled | parts))


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
    _head("helper", _HELPER, _HELPER.replace("2", "3"), "helper(raw)", stale=True),
    _head("helper's comment", _HELPER, _HELPER + "# end\n", "helper(raw)", stale=False),
    _head(
        "helper's docstring",
        _HELPER,
        _HELPER.replace("    return", "    'Doc.'\n    return"),
        "helper(raw)",
        stale=False,
    ),
    _head(
        "helper's formatting", _HELPER, "def helper(x): return (x*2)\n", "helper(raw)", stale=False
    ),
    _head("unused helper", _HELPER, _HELPER + "def more(): pass\n", "helper(raw)", stale=False),
    _head("helper nobody calls", _HELPER, _HELPER.replace("2", "3"), "raw + 1", stale=False),
    _head("helper's helper", _DEEP.format(n=1), _DEEP.format(n=2), "helper(raw)", stale=True),
    _head(
        "order of functions",
        "def a(x): return x\ndef b(x): return a(x)\n",
        "def b(x): return a(x)\ndef a(x): return x\n",
        "b(raw)",
        stale=False,
    ),
    _head(
        "default",
        "def helper(x, n=1): return x + n\n",
        "def helper(x, n=2): return x + n\n",
        "helper(raw)",
        stale=True,
    ),
    _head(
        "default by a constant",
        "N = 1\ndef helper(x, n=N): return x + n\n",
        "N = 2\ndef helper(x, n=N): return x + n\n",
        "helper(raw)",
        stale=True,
    ),
    _head(
        "closure",
        "def make(n):\n    return lambda x: x + n\nhelper = make(1)\n",
        "def make(n):\n    return lambda x: x + n\nhelper = make(2)\n",
        "helper(raw)",
        stale=True,
    ),
    _head(
        "partial",
        "from functools import partial\nhelper = partial(pow, 2)\n",
        "from functools import partial\nhelper = partial(pow, 3)\n",
        "helper(raw)",
        stale=True,
    ),
    _head(
        "recursion",
        "def f(n): return f(n - 1) if n else 0\n",
        "def f(n): return f(n - 1) if n else 1\n",
        "f(raw)",
        stale=True,
    ),
    _head(
        "mutual recursion",
        "def a(n): return b(n - 1) if n else 0\ndef b(n): return a(n)\n",
        "def a(n): return b(n - 1) if n else 0\ndef b(n): return a(n) + 1\n",
        "a(raw)",
        stale=True,
    ),
    _head("decorator's argument", _decorated(), _decorated(n=5), "helper(raw)", stale=True),
    _head("decorator's wrapper", _decorated(), _decorated(inner=4), "helper(raw)", stale=True),
    _head("decorated function", _decorated(), _decorated(own=9), "helper(raw)", stale=True),
    _head(
        "decorated without wraps",
        _decorated(wraps="pass"),
        _decorated(wraps="pass", own=9),
        "helper(raw)",
        stale=True,
    ),
    _head(
        "lambda in a dictionary",
        "ways = {'a': lambda x: x + 1}\n",
        "ways = {'a': lambda x: x + 2}\n",
        "ways['a'](raw)",
        stale=True,
    ),
    _head(
        "cached helper",
        "from functools import lru_cache\n@lru_cache\ndef f(x): return x + 1\n",
        "from functools import lru_cache\n@lru_cache\ndef f(x): return x + 2\n",
        "f(raw)",
        stale=True,
    ),
    _head(
        "dispatched helper",
        "from functools import singledispatch\n@singledispatch\ndef f(x): return 0\n"
        "@f.register\ndef _(x: int): return 1\n",
        "from functools import singledispatch\n@singledispatch\ndef f(x): return 0\n"
        "@f.register\ndef _(x: int): return 2\n",
        "f(raw)",
        stale=True,
    ),
    _head(
        "helper passed on",
        "def f(x): return x + 1\n",
        "def f(x): return x + 2\n",
        "list(map(f, [raw]))",
        stale=True,
    ),
    _head(
        "generator",
        "def f():\n    yield 1\n",
        "def f():\n    yield 1\n    yield 2\n",
        "list(f())",
        stale=True,
    ),
]

OF_VALUES = [
    _head("constant", "RATE = 2\n", "RATE = 3\n", "raw * RATE", stale=True),
    _head("constant made otherwise", "RATE = 4\n", "RATE = 2 + 2\n", "raw * RATE", stale=False),
    _head("type of a constant", "RATE = 1\n", "RATE = 1.0\n", "raw * RATE", stale=True),
    _head("constant nobody reads", "RATE = 2\n", "RATE = 3\n", "raw + 1", stale=False),
    _head(
        "constant of a helper",
        "R = 1\ndef f(x): return x + R\n",
        "R = 2\ndef f(x): return x + R\n",
        "f(raw)",
        stale=True,
    ),
    _head("list", "L = [1, 2]\n", "L = [1, 2, 3]\n", "sum(L)", stale=True),
    _head(
        "list changed in place", "L = [1, 2]\n", "L = [1, 2]\nL.append(3)\n", "sum(L)", stale=True
    ),
    _head(
        "nested dictionary",
        "D = {'a': {'b': 1}}\n",
        "D = {'a': {'b': 2}}\n",
        "D['a']['b']",
        stale=True,
    ),
    _head(
        "order of a set", "S = {'a', 'b', 'c'}\n", "S = {'c', 'b', 'a'}\n", "sorted(S)", stale=False
    ),
    _head(
        "frame",
        "import pandas as pd\nF = pd.DataFrame({'a': [1, 2]})\n",
        "import pandas as pd\nF = pd.DataFrame({'a': [1, 5]})\n",
        "int(F.a.sum())",
        stale=True,
    ),
    _head(
        "frame made otherwise",
        "import pandas as pd\nF = pd.DataFrame({'a': [1, 2]})\n",
        "import pandas as pd\nF = pd.DataFrame([{'a': 1}, {'a': 2}])\n",
        "int(F.a.sum())",
        stale=False,
    ),
    _head(
        "column's type",
        "import pandas as pd\nF = pd.DataFrame({'a': [1, 2]})\n",
        "import pandas as pd\nF = pd.DataFrame({'a': [1.0, 2.0]})\n",
        "str(F.a.sum())",
        stale=True,
    ),
    _head(
        "frame changed in place",
        "import pandas as pd\nF = pd.DataFrame({'a': [1, 2]})\n",
        "import pandas as pd\nF = pd.DataFrame({'a': [1, 2]})\nF.loc[0, 'a'] = 7\n",
        "int(F.a.sum())",
        stale=True,
    ),
    _head(
        "array",
        "import numpy as np\nA = np.arange(3)\n",
        "import numpy as np\nA = np.arange(4)\n",
        "int(A.sum())",
        stale=True,
    ),
    _head(
        "array changed in place",
        "import numpy as np\nA = np.arange(3)\n",
        "import numpy as np\nA = np.arange(3)\nA[0] = 9\n",
        "int(A.sum())",
        stale=True,
    ),
    _head(
        "polars frame",
        "import polars as pl\nF = pl.DataFrame({'a': [1]})\n",
        "import polars as pl\nF = pl.DataFrame({'a': [2]})\n",
        "F['a'].sum()",
        stale=True,
    ),
    _head(
        "regular expression",
        "import re\nR = re.compile('a')\n",
        "import re\nR = re.compile('b')\n",
        "bool(R.match('a'))",
        stale=True,
    ),
    _head(
        "date",
        "import datetime\nD = datetime.date(2026, 1, 1)\n",
        "import datetime\nD = datetime.date(2026, 1, 2)\n",
        "D.day",
        stale=True,
    ),
    _head(
        "environment variable",
        "import os\nos.environ['DAGBOOK_T'] = 'a'\n",
        "import os\nos.environ['DAGBOOK_T'] = 'b'\n",
        "os.environ['DAGBOOK_T']",
        stale=True,
    ),
    _head(
        "another environment variable",
        "import os\nos.environ['DAGBOOK_U'] = 'a'\n",
        "import os\nos.environ['DAGBOOK_U'] = 'b'\n",
        "os.environ.get('DAGBOOK_T2', 'x')",
        stale=False,
    ),
    _head(
        "alias of a module",
        "import math as m\n",
        "import cmath as m\n",
        "str(m.sqrt(raw))",
        stale=True,
    ),
    _head(
        "imported name",
        "from math import floor as f\n",
        "from math import ceil as f\n",
        "f(raw / 2)",
        stale=True,
    ),
    _head(
        "secret",
        "API_TOKEN = 'a'\n",
        "API_TOKEN = 'b'\n",
        "len(API_TOKEN) + ord(API_TOKEN)",
        stale=True,
    ),
    _head(
        "object",
        "from types import SimpleNamespace as N\nC = N(a=1)\n",
        "from types import SimpleNamespace as N\nC = N(a=2)\n",
        "C.a",
        stale=True,
    ),
    _head(
        "object changed in place",
        "from types import SimpleNamespace as N\nC = N(a=1)\n",
        "from types import SimpleNamespace as N\nC = N(a=1)\nC.a = 5\n",
        "C.a",
        stale=True,
    ),
    _head("name in a string only", "x = 1\n", "x = 2\n", "'x'", stale=False),
]

OF_CLASSES = [
    _head("method", _model(), _model(method=3), "Model(1).apply(raw)", stale=True),
    _head("class attribute", _model(), _model(rate=3), "Model(1).apply(raw)", stale=True),
    _head(
        "class attribute set later",
        _model(),
        _model() + "Model.rate = 9\n",
        "Model(1).apply(raw)",
        stale=True,
    ),
    _head("property", _model(), _model(prop=3), "Model(1).twice", stale=True),
    _head("static method", _model(), _model(tidy="+ 1"), "Model.tidy(raw)", stale=True),
    _head(
        "class docstring",
        _model(),
        _model(doc='"""Another."""'),
        "Model(1).apply(raw)",
        stale=False,
    ),
    _head(
        "instance",
        _model() + "m = Model(1)\n",
        _model() + "m = Model(2)\n",
        "m.apply(raw)",
        stale=True,
    ),
    _head(
        "class of an instance",
        _model() + "m = Model(1)\n",
        _model(method=4) + "m = Model(1)\n",
        "m.apply(raw)",
        stale=True,
    ),
    _head(
        "bound method",
        _model() + "f = Model(1).apply\n",
        _model() + "f = Model(2).apply\n",
        "f(raw)",
        stale=True,
    ),
    _head(
        "base class",
        "class A:\n    n = 1\nclass B(A): pass\n",
        "class A:\n    n = 2\nclass B(A): pass\n",
        "B.n",
        stale=True,
    ),
    _head(
        "dataclass default",
        "from dataclasses import dataclass\n@dataclass\nclass C:\n    n: int = 1\n",
        "from dataclasses import dataclass\n@dataclass\nclass C:\n    n: int = 2\n",
        "C().n",
        stale=True,
    ),
    _head(
        "enum",
        "from enum import Enum\nclass E(Enum):\n    A = 1\n",
        "from enum import Enum\nclass E(Enum):\n    A = 2\n",
        "E.A.value",
        stale=True,
    ),
]

EDITS = [*OF_TEXT, *OF_HELPERS, *OF_VALUES, *OF_CLASSES]

# Header of `%%asset result`, before and after.
OF_HEADERS: list[tuple[str, str, str, bool]] = [
    ("group", "--group a", "--group b", False),
    ("description", "--description one", "--description two", False),
    ("tag", "--tag k=a", "--tag k=b", False),
    ("owner", "--owner team:a", "--owner team:b", False),
    ("kind", "--kind a", "--kind b", False),
    ("retries", "", "--retries 2", False),
    ("timeout", "", "--timeout 1m", False),
    ("lazy", "", "--lazy", False),
    ("deps", "", "--deps other", True),
    ("another dep", "--deps other", "--deps third", True),
    ("ins", "--ins x=other", "--ins x=third", True),
    ("reads", "", "--reads *.csv", True),
    ("code version", "--code-version 1", "--code-version 2", True),
    ("same code version", "--code-version 1", "--code-version 1 --group a", False),
    ("always", "", "--always", True),
    ("max age", "", "--max-age 0s", True),
    ("long max age", "", "--max-age 1h", False),
]

# A query, before and after, over the asset `orders`; and variables that it may bind.
OF_QUERIES: list[tuple[str, str, str, bool]] = [
    ("formatting", "select n from orders", "select  n\nfrom orders", False),
    ("comment", "select n from orders", "select n -- why\nfrom orders", False),
    ("case of words", "select n from orders", "SELECT n FROM orders", False),
    ("literal", "select n + 1 as m from orders", "select n + 2 as m from orders", True),
    ("column", "select n from orders", "select k from orders", True),
    ("name of a column", "select n as a from orders", "select n as b from orders", True),
    ("filter", "select n from orders", "select n from orders where n > 1", True),
    ("aggregate", "select sum(n) as m from orders", "select max(n) as m from orders", True),
    ("order", "select n from orders order by n", "select n from orders order by n desc", True),
    ("limit", "select n from orders limit 1", "select n from orders limit 2", True),
    (
        "bound variable",
        "select n * $rate as m from orders",
        "select n * $other as m from orders",
        True,
    ),
    ("text", "select 'a' as m from orders", "select 'b' as m from orders", True),
]
