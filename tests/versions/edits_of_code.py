"""Edits of bodies and of their helper functions."""

from __future__ import annotations

from tests.versions.edit import differs, same

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
        "docstring of a helper that is read",
        "def clean(x):\n 'A.'\ndef body(x): return clean.__doc__",
        "def clean(x):\n 'B.'\ndef body(x): return clean.__doc__",
    ),
    differs(
        "docstrings of a list of helpers",
        "def clean(x):\n 'A.'\nTOOLS = [clean]\ndef body(x): return [t.__doc__ for t in TOOLS]",
        "def clean(x):\n 'B.'\nTOOLS = [clean]\ndef body(x): return [t.__doc__ for t in TOOLS]",
    ),
    differs(
        "docstring of a class that is read",
        "class C:\n 'A.'\ndef body(x): return C.__doc__",
        "class C:\n 'B.'\ndef body(x): return C.__doc__",
    ),
    differs(
        "docstring that is read",
        "def clean(x):\n 'A.'\n return clean.__doc__" + _BODY,
        "def clean(x):\n 'B.'\n return clean.__doc__" + _BODY,
    ),
]
