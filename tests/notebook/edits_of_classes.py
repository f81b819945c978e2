"""Edits of classes above an asset, and whether it must run again."""

from __future__ import annotations

from tests.notebook.edits import head

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


def _model(**parts: object) -> str:
    filled = {"rate": 2, "doc": '"""A model."""', "method": 1, "prop": 2, "tidy": "+ 0"}
    return _CLASS.format(**(filled | parts))


OF_CLASSES = [
    head("method", _model(), _model(method=3), "Model(1).apply(raw)", stale=True),
    head("class attribute", _model(), _model(rate=3), "Model(1).apply(raw)", stale=True),
    head(
        "class attribute set later",
        _model(),
        _model() + "Model.rate = 9\n",
        "Model(1).apply(raw)",
        stale=True,
    ),
    head("property", _model(), _model(prop=3), "Model(1).twice", stale=True),
    head("static method", _model(), _model(tidy="+ 1"), "Model.tidy(raw)", stale=True),
    head(
        "class docstring",
        _model(),
        _model(doc='"""Another."""'),
        "Model(1).apply(raw)",
        stale=False,
    ),
    head(
        "instance",
        _model() + "m = Model(1)\n",
        _model() + "m = Model(2)\n",
        "m.apply(raw)",
        stale=True,
    ),
    head(
        "class of an instance",
        _model() + "m = Model(1)\n",
        _model(method=4) + "m = Model(1)\n",
        "m.apply(raw)",
        stale=True,
    ),
    head(
        "bound method",
        _model() + "f = Model(1).apply\n",
        _model() + "f = Model(2).apply\n",
        "f(raw)",
        stale=True,
    ),
    head(
        "base class",
        "class A:\n    n = 1\nclass B(A): pass\n",
        "class A:\n    n = 2\nclass B(A): pass\n",
        "B.n",
        stale=True,
    ),
    head(
        "dataclass default",
        "from dataclasses import dataclass\n@dataclass\nclass C:\n    n: int = 1\n",
        "from dataclasses import dataclass\n@dataclass\nclass C:\n    n: int = 2\n",
        "C().n",
        stale=True,
    ),
    head(
        "enum",
        "from enum import Enum\nclass E(Enum):\n    A = 1\n",
        "from enum import Enum\nclass E(Enum):\n    A = 2\n",
        "E.A.value",
        stale=True,
    ),
]
