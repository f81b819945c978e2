"""The code version of a function: what it lists, which assets it reads, what it costs."""

from __future__ import annotations

import ast
import builtins
import gc
import os
import pickle
import subprocess
import sys
import weakref
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest

from dagbook.versions.canonical import canonical
from dagbook.versions.code import CodeVersion, Evaluation
from dagbook.versions.origin import home_of_file
from dagbook.versions.source import remember_source
from tests.versions.cells import run_cell, run_cells, version_in, version_of


def is_orders(name: str) -> bool:
    """There is one asset."""
    return name == "orders"


HELPED = """
def worst():
    return [top() for _ in range(3)]
def top():
    return orders.max()
def body(x):
    return worst() + x
"""


def test_an_asset_that_a_helper_reads_is_listed_with_the_helper() -> None:
    """A name that nothing binds and that is an asset is an input through the helper."""
    version = version_in(run_cells(HELPED), is_asset=is_orders)

    assert version.reads_assets == {"orders"}
    assert version.asset_readers == {"orders": "top"}
    assert version.tracked


def test_a_bound_name_is_a_value_and_no_asset() -> None:
    """In an ordinary cell the user's variable wins."""
    version = version_in(run_cells("orders = [1]", HELPED), is_asset=is_orders)

    assert version.reads_assets == frozenset()
    assert "orders" in {part.name for part in version.parts}


def test_asset_values_among_the_builtins_are_assets() -> None:
    """A kernel keeps asset values in a private copy of the builtins; they are no constants."""
    space = run_cells(HELPED)
    space["__builtins__"] = {**vars(builtins), "orders": [1, 2]}
    first = version_in(space, is_asset=is_orders)
    space["__builtins__"]["orders"] = [3]

    assert version_in(space, is_asset=is_orders).digest == first.digest
    assert first.reads_assets == {"orders"}


def test_a_local_of_the_name_of_an_asset_is_not_read() -> None:
    """Parameters, attributes and loop variables are no assets."""
    version = version_in(
        run_cells("def body(orders, x):\n    return [orders for orders in x.orders]"),
        is_asset=is_orders,
    )

    assert version.reads_assets == frozenset()


def test_options_are_part_of_the_version_whatever_their_order() -> None:
    """What was declared and affects the result counts."""
    space = run_cells("def body(x): return x")
    one = version_in(space, io="parquet", retries="2")

    assert one == version_in(space, retries="2", io="parquet")
    assert one != version_in(space, io="parquet", retries="3")
    assert one != version_in(space)


def test_values_handed_over_count() -> None:
    """The class of an input's instances is part of the version of who reads them."""
    space = run_cells("class P:\n    n = 1\ndef body(x): return x.n")
    evaluation = Evaluation(is_orders)
    before = evaluation.code_version(space["body"], reads={"P": space["P"]})
    space["P"].n = 2

    after = Evaluation(is_orders).code_version(space["body"], reads={"P": space["P"]})
    assert before.digest != after.digest


class Query:
    """An object that says itself what its code is."""

    def __init__(self, text: str, **reads: object) -> None:
        self.text, self.reads = text, reads

    def __dagbook_code__(self) -> tuple[str, ...]:
        return (self.text,)

    def __dagbook_reads__(self) -> Mapping[str, object]:
        return self.reads


@pytest.mark.parametrize(
    ("query", "same"),
    [
        (Query("select 1", limit=1), True),
        (Query("select 2", limit=1), False),
        (Query("select 1", limit=2), False),
        (Query("select 1", other=1), False),
    ],
)
def test_a_query_counts_by_its_text_and_by_what_it_reads(query: Query, same: bool) -> None:
    """Objects may offer canonical texts and outside values."""
    evaluation = Evaluation(is_orders)
    first = evaluation.code_version(Query("select 1", limit=1))

    assert (evaluation.code_version(query).digest == first.digest) is same
    assert first.parts[0].text == "select 1"


def test_a_registered_tree_is_used_instead_of_a_file() -> None:
    """A body that was parsed by the front of the program is not looked for again."""
    text = "def body(x):\n    return x  # remembered"
    tree = ast.parse(text)
    space: dict[str, object] = {"__name__": "__main__"}
    exec(compile(tree, "<asset>", "exec"), space)
    function = space["body"]
    form = partial(canonical, tree.body[0], anonymous=True)
    remember_source(function.__code__, form, text, where="cell 3")  # type: ignore[attr-defined]
    version = version_in(space)

    assert version.weak == ()
    assert version.parts[0].place == "cell 3, line 1"
    assert version.parts[0].text == text


def test_a_text_that_runs_again_stands_where_it_ran_last() -> None:
    """The same text has the same version in another cell, and is shown with that cell."""

    def version(where: str) -> CodeVersion:
        text = "def body(x):\n    return len(x)"
        tree = ast.parse(text)
        space: dict[str, object] = {"__name__": "__main__"}
        exec(compile(tree, "<asset>", "exec"), space)
        remember_source(space["body"].__code__, partial(canonical, tree), text, where=where)  # type: ignore[attr-defined]
        return version_in(space)

    first, again = version("cell [3]"), version("cell [7]")
    assert first == again
    assert first.parts[0].place == "cell [3], line 1"
    assert again.parts[0].place == "cell [7], line 1"


def _form(text: str) -> Callable[[], bytes]:
    """What gives the canonical form of a cell of this text."""
    return partial(canonical, ast.parse(text), keep_last=True)


def test_a_whole_cell_counts_with_its_last_string() -> None:
    """Where the tree is the cell's own, a string at its end is its value."""

    def version(text: str) -> str:
        space: dict[str, object] = {"__name__": "__main__"}
        exec("def body(): pass", space)
        remember_source(space["body"].__code__, _form(text), text)  # type: ignore[attr-defined]
        return version_in(space).digest

    assert version("x = 1\n'a'") != version("x = 1\n'b'")
    assert version("'About.'\nx") == version("'More about.'\nx")


def test_what_the_tree_does_not_say_is_part_of_the_version() -> None:
    """Two assets of one text differ where the local of the asset's own name is the value."""
    text = "a = 1\nb = 2"

    def version(means: str) -> str:
        space: dict[str, object] = {"__name__": "__main__"}
        exec("def body(): pass", space)
        remember_source(space["body"].__code__, _form(text), text, means=means)  # type: ignore[attr-defined]
        return version_in(space).digest

    assert version("a") != version("b")
    assert version("a") == version("a")


def test_a_redefined_helper_counts_at_once() -> None:
    """Names are resolved when the version is made, so the order of cells does not matter."""
    space = run_cells("def body(x): return clean(x)", "def clean(x): return x")
    first = version_in(space)
    run_cell("def clean(x): return x + 1", space)
    second = version_in(space)
    run_cell("def clean(x):\n    return x", space)

    assert first.digest != second.digest
    assert version_in(space).digest == first.digest


def test_a_value_changed_in_place_counts() -> None:
    """Mutable values are read again at each evaluation."""
    space = run_cells("LIMITS = {'a': [1]}\ndef body(x): return LIMITS")
    first = version_in(space)
    space["LIMITS"]["a"].append(2)

    assert version_in(space).digest != first.digest


def test_code_replaced_in_a_function_counts() -> None:
    """A reloader that swaps the code of a function in place is seen."""
    space = run_cells("def body(x): return x", "def other(x): return x + 1")
    first = version_in(space)
    space["body"].__code__ = space["other"].__code__

    assert version_in(space).digest != first.digest


def test_code_that_is_gone_is_forgotten() -> None:
    """What is known about code objects does not keep them alive, nor outlive them."""
    space = run_cells("def body(x): return x + 1")
    first, gone = version_in(space).digest, weakref.ref(space["body"].__code__)
    del space
    gc.collect()

    assert gone() is None
    assert version_in(run_cells("def body(x): return x + 2")).digest != first


def test_ordinary_names_of_packages_are_not_weak() -> None:
    """Functions written in C, loggers and type hints of installed modules are known by name."""
    version = version_of(
        "from numpy import sqrt, mean\nimport logging\nfrom typing import Optional\n"
        "from pandas import DataFrame, concat\nHint = Optional[int]\n"
        "log = logging.getLogger('x')\n"
        "def body(x): log.info(Hint); return sqrt(mean(concat([DataFrame(x)])))"
    )

    assert version.weak == ()
    assert version.tracked


def test_a_cell_is_the_users_wherever_the_notebook_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside installed packages too; its name is that of no file."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert home_of_file("<cell of a notebook>") == "own"
    assert home_of_file("<frozen importlib._bootstrap>") == "standard"


def test_the_parts_can_be_sent_elsewhere() -> None:
    """Parts are plain data."""
    parts = version_of("RATE = 1\ndef clean(x): return RATE\ndef body(x): return clean(x)").parts

    assert pickle.loads(pickle.dumps(parts)) == parts
    assert [part.name for part in parts] == ["body", "RATE", "clean"]


_SCRIPT = """
from dagbook.versions.code import Evaluation
from tests.versions.cells import version_of
print(version_of(
    "import functools\\nNAMES = {'a', 'b', 'c'}\\nFROZEN = frozenset('xyz')\\n"
    "def p(x): return 1\\ndef q(x): return 2\\nSTEPS = {p, q}\\n"
    "class M:\\n    kinds = {'u', 'v', 'w'}\\n    def f(self): return self.kinds\\n"
    "m = M()\\nm.seen = {'k', 'l', 'm'}\\n"
    "def body(x):\\n    return [s(x) for s in STEPS if x in {'r', 's', 't'}], NAMES, FROZEN, m"
).digest)
"""


def _path() -> str:
    """Where this process finds its modules."""
    return os.pathsep.join(filter(None, [os.getcwd(), os.environ.get("PYTHONPATH")]))


def test_the_hash_seed_does_not_show() -> None:
    """Ten processes with ten hash seeds give one version."""
    seen = set()
    for seed in range(10):
        environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": _path()}
        done = subprocess.run(
            [sys.executable, "-c", _SCRIPT], env=environment, capture_output=True, check=True
        )
        seen.add(done.stdout)

    assert len(seen) == 1


def test_fields_that_a_package_takes_out_of_a_class_count() -> None:
    """The defaults of a model are seen where its source cannot be found."""
    pydantic = pytest.importorskip("pydantic")
    source = (
        "import pydantic\nclass P(pydantic.BaseModel):\n    a: int = {}\ndef body(x): return P()"
    )

    one, other = (version_of(source.format(default)) for default in (1, 2))
    assert pydantic.VERSION
    assert one.digest != other.digest
    assert one.digest == version_of(source.format(1)).digest


def test_type_variables_do_nothing() -> None:
    """A generic class is tracked like any other."""
    version = version_of(
        "from typing import Generic, TypeVar\nT = TypeVar('T')\nclass G(Generic[T]):\n"
        "    def f(self, x: T) -> T: return x\ndef body(x): return G().f(x)"
    )

    assert version.tracked
    assert version.weak == ()
