"""Edits of enums, of the fields of records, of type hints, and of builtins."""

from __future__ import annotations

from tests.versions.edit import Edit, differs, same


def _differ(name: str, text: str, old: str, new: str, value: str) -> Edit:
    """One text of what stands above a body is another one."""
    assert old in text, name
    body = f"\ndef body(x): return {value}"
    return differs(name, text + body, text.replace(old, new, 1) + body)


_ENUM = "from enum import *\nclass E(Flag, boundary=KEEP):\n A = 1\n B = 2"
_MADE = "import dataclasses as d\nC = d.make_dataclass('C', [('a', int, d.field(default=1))])"
_RECORD = "import dataclasses as d\nU = 'm'\n@d.dataclass\nclass C:\n a: int = d.field(default=1, metadata={'u': U})"
_MODEL = "import pydantic\nclass M(pydantic.BaseModel):\n model_config = pydantic.ConfigDict(extra='allow')\n a: int = 1"
_SIGNED = "from typing import Annotated\nU = 1\ndef f(x: Annotated[int, U]): return x"
_MASKED = "import numpy as np\nM = np.ma.array([1, 2], mask=[0, 1], fill_value=7)"

OF_TYPES = [
    _differ("order of an enum", _ENUM, " A = 1\n B = 2", " B = 2\n A = 1", "[*E]"),
    _differ("boundary of a flag", _ENUM, "KEEP", "STRICT", "E(5)"),
    _differ("default of a record that is made", _MADE, "default=1", "default=2", "C().a"),
    _differ("metadata of a field", _RECORD, "'m'", "'km'", "d.fields(C)[0].metadata"),
    _differ("attribute of a class that is made", "import types\nC = types.new_class('C')\nC.n = 1", "= 1", "= 2", "C.n"),
    _differ("configuration of a model", _MODEL, "'allow'", "'ignore'", "M(b=1)"),
    _differ("note on a type", "from typing import Annotated\nT = Annotated[int, 'm']", "'m'", "'km'", "T"),
    _differ("note on a parameter, by a constant", _SIGNED, "U = 1", "U = 2", "f.__annotations__"),
    _differ("value of a literal type", "from typing import Literal\nT = Literal['a']", "'a'", "'b'", "T"),
    _differ("name of a parameter list", "from typing import ParamSpec\nP = ParamSpec('P')", "'P'", "'Q'", "P"),
    _differ("method of a protocol", "from typing import Protocol\nclass P(Protocol):\n def f(self): return 1", "1", "2", "P.f(x)"),
    _differ("bound of a type variable", "from typing import TypeVar\nT = TypeVar('T', bound=int)", "bound=int", "bound=str", "T.__bound__"),
    _differ("type that a new type stands for", "from typing import NewType\nT = NewType('T', int)", "int)", "str)", "T"),
    _differ("value that fills a masked array", _MASKED, "=7", "=8", "M.filled()"),
    _differ("constant among the builtins", "import builtins\nbuiltins.dagbook_t = 1", "= 1", "= 2", "dagbook_t"),
    _differ("function among the builtins", "import builtins\nbuiltins.dagbook_t = lambda: 1", ": 1", ": 2", "dagbook_t()"),
    same(
        "class in an annotation",
        "class C:\n n = 1\ndef f(x: C): return x\ndef body(x): return f(x)",
        "class C:\n n = 2\ndef f(x: C): return x\ndef body(x): return f(x)",
    ),
]  # fmt: skip
