"""Edits of the values and the classes that a body reads."""

from __future__ import annotations

from tests.versions.edit import differs, same

_BODY = """
def body(orders):
    return clean(orders)
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
    differs(
        "variable that an expression of pandas names",
        "SINCE = 1\ndef body(x): return x.query('day > @SINCE')",
        "SINCE = 2\ndef body(x): return x.query('day > @SINCE')",
    ),
    differs(
        "frame that a query names",
        "SEEN = [1]\ndef body(db): return db.sql('select * from users join SEEN')",
        "SEEN = [2]\ndef body(db): return db.sql('select * from users join SEEN')",
    ),
    differs(
        "variable that an expression in a variable names",
        "SINCE, WHICH = 1, 'day > @SINCE'\ndef body(x): return x.query(WHICH)",
        "SINCE, WHICH = 2, 'day > @SINCE'\ndef body(x): return x.query(WHICH)",
    ),
    differs(
        "variable in a text that is evaluated",
        "SINCE = 1\ndef body(pd): return pd.eval('SINCE + 1')",
        "SINCE = 2\ndef body(pd): return pd.eval('SINCE + 1')",
    ),
    same(
        "variable in a text that is not evaluated",
        "SINCE = 1\ndef body(pd): return 'SINCE + 1'",
        "SINCE = 2\ndef body(pd): return 'SINCE + 1'",
    ),
    same(
        "variable of the body's own that an expression names",
        "SINCE = 1\ndef body(x):\n    SINCE = 3\n    return x.query('day > @SINCE')",
        "SINCE = 2\ndef body(x):\n    SINCE = 3\n    return x.query('day > @SINCE')",
    ),
    same(
        "text that names nothing of the notebook",
        "A = 1\ndef body(x): return x, 'mail ana@A.example', 'taken from A'",
        "A = 2\ndef body(x): return x, 'mail ana@A.example', 'taken from A'",
    ),
    same("unused constant", "A = 1\ndef body(x): return x", "A = 2\ndef body(x): return x"),
    differs(
        "variable in an expression for pandas",
        "A = 1\ndef body(x): return x.query('n > @A')",
        "A = 2\ndef body(x): return x.query('n > @A')",
    ),
    differs(
        "frame in a query",
        "import pandas as pd\nF = pd.DataFrame({'a': [1]})\ndef body(x): return x.sql('select * from F')",
        "import pandas as pd\nF = pd.DataFrame({'a': [2]})\ndef body(x): return x.sql('select * from F')",
    ),
    same(
        "word in a text",
        "A = 1\ndef body(x): return f'taken from A {x}'",
        "A = 2\ndef body(x): return f'taken from A {x}'",
    ),
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
        "order of attributes",
        "class C: pass\nc = C()\nc.a, c.b = 1, 2\ndef body(x): return vars(c)",
        "class C: pass\nc = C()\nc.b, c.a = 2, 1\ndef body(x): return vars(c)",
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
