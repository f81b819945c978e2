"""The matrix of edits: what was, what is, and whether the code version must differ."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of a notebook in which `body` is what an asset runs."""

    name: str
    before: str
    after: str
    changed: bool


def same(name: str, before: str, after: str) -> Edit:
    """An edit that changes nothing that a run could show."""
    return Edit(name, before, after, False)


def differs(name: str, before: str, after: str) -> Edit:
    """An edit after which the asset must run again."""
    return Edit(name, before, after, True)


_BODY = """
def body(orders):
    return clean(orders)
"""
_WRAPPING = """
import functools
def timed(f):
    {wraps}
    def wrapper(*args):
        {wrapper}
        return f(*args)
    return wrapper
@timed
def clean(x):
    return {value}
"""
_CLASS = """
class Model(Base):
    rate = {rate}
    {doc}
    def __init__(self, n):
        self.n = n
    def apply(self, x):  {comment}
        return {apply}
    @property
    def double(self):
        return {double}
    @staticmethod
    def tidy(x):
        return {tidy}
def body(x):
    return Model(3).apply(x)
"""
_BASE = "class Base:\n    floor = {floor}\n"


def _model(floor: str = "0", **parts: str) -> str:
    filled = {
        "rate": "0.1",
        "doc": '"""A model."""',
        "comment": "",
        "apply": "x * self.rate",
        "double": "2 * self.n",
        "tidy": "x",
    }
    return _BASE.format(floor=floor) + _CLASS.format(**(filled | parts))


def _wrapping(**parts: str) -> str:
    filled = {"wraps": "@functools.wraps(f)", "wrapper": "pass", "value": "x + 1"}
    return _WRAPPING.format(**(filled | parts)) + _BODY


OF_THE_TEXT = [
    same("comment", "def body(x):\n    return x", "def body(x):\n    # why\n    return x  # x"),
    same("formatting", "def body(x): return [x,1]", "def body(x):\n\n    return [\n  x, 1,\n]"),
    same("parentheses", "def body(x): return x + 1", "def body(x): return ((x) + (1))"),
    same("quotes", "def body(x): return 'a'", 'def body(x): return """a"""'),
    same("joined strings", "def body(x): return 'a' 'b'", "def body(x): return 'ab'"),
    same("number notation", "def body(x): return 1_000", "def body(x): return 0x3e8"),
    same("docstring added", "def body(x): return x", "def body(x):\n    'Doc.'\n    return x"),
    same("docstring", "def body(x):\n  'A.'\n  return x", "def body(x):\n  'B.'\n  return x"),
    same(
        "string as comment",
        "def body(x):\n  y=x\n  'n'\n  return y",
        "def body(x):\n  y=x\n  return y",
    ),
    same("pass", "def body(x):\n  pass\n  return x", "def body(x):\n  return x"),
    same("line above", "def body(x): return x", "\n\nunused = 1\ndef body(x): return x"),
    same("annotation quoted alike", "def body(x: int): return x", "def body(x: int): return (x)"),
    same("name of the asset", "def body(x): return x", "def other(x): return x\nbody = other"),
    differs("literal", "def body(x): return x + 1", "def body(x): return x + 2"),
    differs("type of a literal", "def body(x): return x + 1", "def body(x): return x + 1.0"),
    differs("sign of zero", "def body(x): return 0.0", "def body(x): return -0.0"),
    differs("true for one", "def body(x): return True", "def body(x): return 1"),
    differs("operator", "def body(x): return x + 1", "def body(x): return x - 1"),
    differs(
        "order of statements",
        "def body(x):\n a=x\n b=1\n return a",
        "def body(x):\n b=1\n a=x\n return a",
    ),
    # A local's name can be seen: by locals(), query("@x"), DuckDB's replacement scans.
    differs("rename of a local", "def body(x):\n y=x\n return y", "def body(x):\n z=x\n return z"),
    differs("rename of a parameter", "def body(x): return x", "def body(y): return y"),
    differs("f-string text", "def body(x): return f'{x} a'", "def body(x): return f'{x} b'"),
    differs("f-string format", "def body(x): return f'{x:.1f}'", "def body(x): return f'{x:.2f}'"),
    differs("f-string conversion", "def body(x): return f'{x!r}'", "def body(x): return f'{x!s}'"),
    same("f-string without fields", "def body(x): return f'a'", "def body(x): return 'a'"),
    same("f-string empty format", "def body(x): return f'{x:}'", "def body(x): return f'{x}'"),
    differs(
        "comprehension", "def body(x): return [i for i in x]", "def body(x): return {i for i in x}"
    ),
    differs(
        "comprehension filter",
        "def body(x): return [i for i in x if i]",
        "def body(x): return [i for i in x]",
    ),
    differs("default", "def body(x, n=1): return n", "def body(x, n=2): return n"),
    differs("keyword default", "def body(x, *, n=1): return n", "def body(x, *, n=2): return n"),
    differs("async", "def body(x): return x", "async def body(x): return x"),
    differs(
        "nested function",
        "def body(x):\n def f(): return 1\n return f()",
        "def body(x):\n def f(): return 2\n return f()",
    ),
    differs("lambda", "body = lambda x: x + 1", "body = lambda x: x + 2"),
    same("lambda formatting", "body = lambda x: x + 1", "body = (lambda x:\n   x+1)"),
    differs(
        "one of two lambdas",
        "body, b = lambda x: 1, lambda x: 2",
        "b, body = lambda x: 1, lambda x: 2",
    ),
    same(
        "other lambda of the line",
        "body, b = lambda x: 1, lambda x: 2",
        "body, b = lambda x: 1, lambda x: 3",
    ),
    differs(
        "surrogate in a string", "def body(x): return '\\ud800'", "def body(x): return '\\ud801'"
    ),
    differs(
        "match pattern",
        "def body(x):\n match x:\n  case 1: return 1",
        "def body(x):\n match x:\n  case 2: return 1",
    ),
]

OF_HELPERS = [
    differs("helper", "def clean(x): return x + 1" + _BODY, "def clean(x): return x + 2" + _BODY),
    same("helper comment", "def clean(x): return x" + _BODY, "def clean(x): return x  # x" + _BODY),
    same(
        "helper docstring",
        "def clean(x):\n  'A.'\n  return x" + _BODY,
        "def clean(x):\n  'B.'\n  return x" + _BODY,
    ),
    same(
        "order of functions", "def clean(x): return x\n" + _BODY, _BODY + "\ndef clean(x): return x"
    ),
    same(
        "unused helper",
        "def clean(x): return x" + _BODY,
        "def clean(x): return x\ndef more(): pass" + _BODY,
    ),
    differs(
        "helper's helper",
        "def a(x): return 1\ndef clean(x): return a(x)" + _BODY,
        "def a(x): return 2\ndef clean(x): return a(x)" + _BODY,
    ),
    differs(
        "helper in a comprehension",
        "def a(x): return 1\ndef body(x): return [a(i) for i in x]",
        "def a(x): return 2\ndef body(x): return [a(i) for i in x]",
    ),
    differs(
        "helper passed on",
        "def a(x): return 1\ndef body(x): return x.map(a)",
        "def a(x): return 2\ndef body(x): return x.map(a)",
    ),
    differs(
        "helper in a nested function",
        "def a(): return 1\ndef body(x):\n def f(): return a()\n return f()",
        "def a(): return 2\ndef body(x):\n def f(): return a()\n return f()",
    ),
    differs(
        "recursion",
        "def clean(x): return clean(x - 1) if x else 0" + _BODY,
        "def clean(x): return clean(x - 1) if x else 1" + _BODY,
    ),
    differs(
        "mutual recursion",
        "def a(x): return clean(x)\ndef clean(x): return a(x) + 1" + _BODY,
        "def a(x): return clean(x) + 1\ndef clean(x): return a(x) + 1" + _BODY,
    ),
    differs(
        "swapped helpers",
        "def a(x): return 1\ndef b(x): return 2\ndef body(x): return a(x) - b(x)",
        "def a(x): return 2\ndef b(x): return 1\ndef body(x): return a(x) - b(x)",
    ),
    differs(
        "helper default",
        "def clean(x, n=1): return n" + _BODY,
        "def clean(x, n=2): return n" + _BODY,
    ),
    differs(
        "value of a default",
        "N = 1\ndef clean(x, n=N): return n" + _BODY,
        "N = 2\ndef clean(x, n=N): return n" + _BODY,
    ),
    differs(
        "closure",
        "def make(n):\n def f(x): return x + n\n return f\nclean = make(1)" + _BODY,
        "def make(n):\n def f(x): return x + n\n return f\nclean = make(2)" + _BODY,
    ),
    differs(
        "closures swapped",
        "def make(n):\n def f(): return n\n return f\na, b = make(1), make(2)\ndef body(): return a() - b()",
        "def make(n):\n def f(): return n\n return f\na, b = make(2), make(1)\ndef body(): return a() - b()",
    ),
    differs(
        "function attribute",
        "def clean(x): return clean.n\nclean.n = 1" + _BODY,
        "def clean(x): return clean.n\nclean.n = 2" + _BODY,
    ),
    differs("decorator's wrapper", _wrapping(), _wrapping(wrapper="args = args[:1]")),
    differs("decorated function", _wrapping(), _wrapping(value="x + 2")),
    differs("decorated, no wraps", _wrapping(wraps=""), _wrapping(wraps="", value="x + 2")),
    same("comment in a decorator", _wrapping(), _wrapping(wrapper="pass  # why")),
    differs(
        "decorator argument",
        "import functools\n@functools.lru_cache(maxsize=1)\ndef clean(x): return x" + _BODY,
        "import functools\n@functools.lru_cache(maxsize=2)\ndef clean(x): return x" + _BODY,
    ),
    differs(
        "cached function",
        "import functools\n@functools.cache\ndef clean(x): return x" + _BODY,
        "import functools\n@functools.cache\ndef clean(x): return x+1" + _BODY,
    ),
    differs(
        "context manager",
        "import contextlib\n@contextlib.contextmanager\ndef clean(x): yield 1" + _BODY,
        "import contextlib\n@contextlib.contextmanager\ndef clean(x): yield 2" + _BODY,
    ),
    differs(
        "partial argument",
        "import functools\nclean = functools.partial(round, ndigits=1)" + _BODY,
        "import functools\nclean = functools.partial(round, ndigits=2)" + _BODY,
    ),
    differs(
        "partial function",
        "import functools\ndef a(x, n): return n\nclean = functools.partial(a, n=1)" + _BODY,
        "import functools\ndef a(x, n): return -n\nclean = functools.partial(a, n=1)" + _BODY,
    ),
    differs(
        "package function",
        "import math\nclean = math.floor" + _BODY,
        "import math\nclean = math.ceil" + _BODY,
    ),
    differs(
        "item getter",
        "import operator\nclean = operator.itemgetter(0)" + _BODY,
        "import operator\nclean = operator.itemgetter(1)" + _BODY,
    ),
    differs(
        "single dispatch",
        "import functools\n@functools.singledispatch\ndef clean(x): return 1\n@clean.register\ndef _(x: int): return 2"
        + _BODY,
        "import functools\n@functools.singledispatch\ndef clean(x): return 1\n@clean.register\ndef _(x: int): return 3"
        + _BODY,
    ),
    differs(
        "function in a list",
        "def a(x): return 1\nSTEPS = [a]\ndef body(x): return [s(x) for s in STEPS]",
        "def a(x): return 2\nSTEPS = [a]\ndef body(x): return [s(x) for s in STEPS]",
    ),
    differs(
        "function in a dictionary",
        "STEPS = {'a': lambda x: 1}\ndef body(x): return STEPS['a'](x)",
        "STEPS = {'a': lambda x: 2}\ndef body(x): return STEPS['a'](x)",
    ),
    differs(
        "name becomes bound", "def body(x): return helper", "helper = 1\ndef body(x): return helper"
    ),
    differs(
        "name of an aliased function",
        "def f(x): return x\nAGG = [f]\ndef body(x): return x.agg(AGG)",
        "def g(x): return x\nAGG = [g]\ndef body(x): return x.agg(AGG)",
    ),
    differs(
        "docstring that is read",
        "def clean(x):\n 'A.'\n return clean.__doc__" + _BODY,
        "def clean(x):\n 'B.'\n return clean.__doc__" + _BODY,
    ),
]

OF_VALUES = [
    differs(
        "constant",
        "RATE = 0.1\ndef body(x): return x * RATE",
        "RATE = 0.2\ndef body(x): return x * RATE",
    ),
    same(
        "constant computed otherwise",
        "RATE = 0.5\ndef body(x): return x * RATE",
        "RATE = 1 / 2\ndef body(x): return x * RATE",
    ),
    differs(
        "type of a constant",
        "RATE = 1\ndef body(x): return x * RATE",
        "RATE = 1.0\ndef body(x): return x * RATE",
    ),
    same("unused constant", "A = 1\ndef body(x): return x", "A = 2\ndef body(x): return x"),
    differs("list", "A = [1, 2]\ndef body(x): return A", "A = [2, 1]\ndef body(x): return A"),
    differs(
        "nested dictionary",
        "A = {'a': {'b': 1}}\ndef body(x): return A",
        "A = {'a': {'b': 2}}\ndef body(x): return A",
    ),
    differs(
        "order of a dictionary",
        "A = {'a': 1, 'b': 2}\ndef body(x): return A",
        "A = {'b': 2, 'a': 1}\ndef body(x): return A",
    ),
    same(
        "order of a set",
        "A = {'a', 'b', 'c'}\ndef body(x): return A",
        "A = {'c', 'b', 'a'}\ndef body(x): return A",
    ),
    differs(
        "set", "A = {'a', 'b'}\ndef body(x): return A", "A = {'a', 'c'}\ndef body(x): return A"
    ),
    differs(
        "secret",
        "API_TOKEN = 'a'\ndef body(x): return API_TOKEN",
        "API_TOKEN = 'b'\ndef body(x): return API_TOKEN",
    ),
    differs(
        "frame value",
        "import pandas as pd\nF = pd.DataFrame({'a': [1, 2]})\ndef body(x): return F",
        "import pandas as pd\nF = pd.DataFrame({'a': [1, 3]})\ndef body(x): return F",
    ),
    differs(
        "frame type",
        "import pandas as pd\nF = pd.DataFrame({'a': [1]})\ndef body(x): return F",
        "import pandas as pd\nF = pd.DataFrame({'a': [1.0]})\ndef body(x): return F",
    ),
    same(
        "frame made otherwise",
        "import pandas as pd\nF = pd.DataFrame({'a': [1, 2]})\ndef body(x): return F",
        "import pandas as pd\nF = pd.concat([pd.DataFrame({'a': [1]}), pd.DataFrame({'a': [2]})], ignore_index=True)\ndef body(x): return F",
    ),
    differs(
        "array",
        "import numpy as np\nA = np.arange(3)\ndef body(x): return A",
        "import numpy as np\nA = np.arange(4)\ndef body(x): return A",
    ),
    differs(
        "regular expression",
        "import re\nR = re.compile('a')\ndef body(x): return R",
        "import re\nR = re.compile('b')\ndef body(x): return R",
    ),
    differs(
        "date",
        "import datetime\nD = datetime.date(2026, 1, 1)\ndef body(x): return D",
        "import datetime\nD = datetime.date(2026, 1, 2)\ndef body(x): return D",
    ),
    differs(
        "environment variable",
        "import os\nos.environ['DAGBOOK_TEST'] = 'a'\ndef body(x): return os.environ['DAGBOOK_TEST']",
        "import os\nos.environ['DAGBOOK_TEST'] = 'b'\ndef body(x): return os.environ['DAGBOOK_TEST']",
    ),
    differs(
        "getenv",
        "import os\nos.environ['DAGBOOK_TEST'] = 'a'\ndef body(x): return os.getenv('DAGBOOK_TEST')",
        "import os\nos.environ['DAGBOOK_TEST'] = 'b'\ndef body(x): return os.getenv('DAGBOOK_TEST')",
    ),
    same(
        "another environment variable",
        "import os\nos.environ['DAGBOOK_OTHER'] = 'a'\ndef body(x): return os.getenv('DAGBOOK_TEST')",
        "import os\nos.environ['DAGBOOK_OTHER'] = 'b'\ndef body(x): return os.getenv('DAGBOOK_TEST')",
    ),
]

OF_CLASSES = [
    differs("method", _model(), _model(apply="x * self.rate + 1")),
    differs("class attribute", _model(), _model(rate="0.2")),
    differs("property", _model(), _model(double="3 * self.n")),
    differs("static method", _model(), _model(tidy="x.strip()")),
    differs("base class", _model(), _model(floor="1")),
    same("class docstring", _model(), _model(doc='"""Another."""')),
    same("comment in a class", _model(), _model(comment="# why")),
    differs("class attribute set later", _model(), _model() + "\nModel.rate = 5"),
    differs("method replaced later", _model(), _model() + "\nModel.apply = lambda self, x: 0"),
    differs(
        "instance attribute",
        _model() + "\nm = Model(1)\ndef body(x): return m.apply(x)",
        _model() + "\nm = Model(2)\ndef body(x): return m.apply(x)",
    ),
    differs(
        "class of an instance",
        _model() + "\nm = Model(1)\ndef body(x): return m.apply(x)",
        _model(apply="0") + "\nm = Model(1)\ndef body(x): return m.apply(x)",
    ),
    differs(
        "bound method",
        _model() + "\nclean = Model(1).apply" + _BODY,
        _model() + "\nclean = Model(2).apply" + _BODY,
    ),
    differs(
        "dataclass field",
        "import dataclasses\n@dataclasses.dataclass\nclass C:\n n: int = 1\ndef body(x): return C()",
        "import dataclasses\n@dataclasses.dataclass\nclass C:\n n: int = 2\ndef body(x): return C()",
    ),
    differs(
        "dataclass option",
        "import dataclasses\n@dataclasses.dataclass\nclass C:\n n: int = 1\ndef body(x): return C()",
        "import dataclasses\n@dataclasses.dataclass(order=True)\nclass C:\n n: int = 1\ndef body(x): return C()",
    ),
    differs(
        "dataclass instance",
        "import dataclasses\n@dataclasses.dataclass\nclass C:\n n: int = 1\nc = C(1)\ndef body(x): return c",
        "import dataclasses\n@dataclasses.dataclass\nclass C:\n n: int = 1\nc = C(2)\ndef body(x): return c",
    ),
    differs(
        "annotation of a field",
        "import dataclasses\n@dataclasses.dataclass\nclass C:\n n: int\ndef body(x): return C(x)",
        "import dataclasses\n@dataclasses.dataclass\nclass C:\n n: str\ndef body(x): return C(x)",
    ),
    differs(
        "value of an enum",
        "import enum\nclass E(enum.Enum):\n A = 1\ndef body(x): return E.A",
        "import enum\nclass E(enum.Enum):\n A = 2\ndef body(x): return E.A",
    ),
    differs(
        "enum member",
        "import enum\nclass E(enum.Enum):\n A = 1\n B = 2\nV = E.A\ndef body(x): return V",
        "import enum\nclass E(enum.Enum):\n A = 1\n B = 2\nV = E.B\ndef body(x): return V",
    ),
    differs(
        "method of an enum",
        "import enum\nclass E(enum.Enum):\n A = 1\n def f(self): return 1\nV = E.A\ndef body(x): return V.f()",
        "import enum\nclass E(enum.Enum):\n A = 1\n def f(self): return 2\nV = E.A\ndef body(x): return V.f()",
    ),
    differs(
        "metaclass",
        "class M(type):\n n = 1\nclass C(metaclass=M): pass\ndef body(x): return C.n",
        "class M(type):\n n = 2\nclass C(metaclass=M): pass\ndef body(x): return C.n",
    ),
    differs(
        "slots",
        "class C:\n __slots__ = ('n',)\nc = C()\nc.n = 1\ndef body(x): return c.n",
        "class C:\n __slots__ = ('n',)\nc = C()\nc.n = 2\ndef body(x): return c.n",
    ),
    differs(
        "list of the user's class",
        "class L(list): pass\nl = L([1])\ndef body(x): return l",
        "class L(list): pass\nl = L([2])\ndef body(x): return l",
    ),
    differs(
        "call of an instance",
        "class F:\n def __call__(self, x): return 1\nbody = F()",
        "class F:\n def __call__(self, x): return 2\nbody = F()",
    ),
    differs(
        "class in a helper's class",
        "class A:\n def f(self): return 1\nclass B:\n def g(self): return A().f()\ndef body(x): return B().g()",
        "class A:\n def f(self): return 2\nclass B:\n def g(self): return A().f()\ndef body(x): return B().g()",
    ),
    differs(
        "super",
        "class A:\n def f(self): return 1\nclass B(A):\n def f(self): return super().f()\ndef body(x): return B().f()",
        "class A:\n def f(self): return 2\nclass B(A):\n def f(self): return super().f()\ndef body(x): return B().f()",
    ),
    differs(
        "named tuple",
        "import collections\nP = collections.namedtuple('P', 'a b')\np = P(1, 2)\ndef body(x): return p",
        "import collections\nP = collections.namedtuple('P', 'b a')\np = P(1, 2)\ndef body(x): return p",
    ),
    differs(
        "typed dictionary",
        "import typing\nclass T(typing.TypedDict):\n a: int\ndef body(x): return T(a=1)",
        "import typing\nclass T(typing.TypedDict):\n b: int\ndef body(x): return T(a=1)",
    ),
]

EDITS = OF_THE_TEXT + OF_HELPERS + OF_VALUES + OF_CLASSES
