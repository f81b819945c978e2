"""What changes in a notebook's cells when an asset gets another key."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagbook.cells.renaming import Renaming, renamed


def after(cells: dict[str, str], old: str = "orders", new: str = "sales") -> dict[str, str]:
    """The texts once everything is replaced."""
    found = dict(cells)
    for cell, replacements in renamed(cells, Renaming(old, new)).items():
        for one in reversed(replacements):
            found[cell] = found[cell][: one.start] + one.text + found[cell][one.end :]
    return found


CASES = {
    "its header": ("%%asset orders --group orders\n[1]", "%%asset sales --group orders\n[1]"),
    "one of several": ("%%multi_asset users orders\n1", "%%multi_asset users sales\n1"),
    "dependencies": ("%%asset a --deps orders,b orders\n1", "%%asset a --deps sales,b sales\n1"),
    "an option line": ("%%asset a\n#| deps: orders\n1", "%%asset a\n#| deps: sales\n1"),
    "the asset of a check": (
        "%%asset_check orders --asset orders\norders > 1",
        "%%asset_check orders --asset sales\nsales > 1",
    ),
    "a renamed input": ("%%asset a --ins x=orders\nx", "%%asset a --ins x=sales\nx"),
    "an own local": (
        "%%asset a\norders = orders[1:]\norders",
        "%%asset a\nsales = sales[1:]\nsales",
    ),
    "no attribute": ("%%asset a\nx.orders + orders", "%%asset a\nx.orders + sales"),
    "no argument": ("%%asset a\nf(orders=orders)", "%%asset a\nf(orders=sales)"),
    "no string": ("%%asset a\norders['orders']  # orders", "%%asset a\nsales['orders']  # orders"),
    "a formatted string": ("%%asset a\nf'{orders} orders'", "%%asset a\nf'{sales} orders'"),
    "a parameter of an asset": (
        "@asset\ndef a(orders):\n    return orders",
        "@asset\ndef a(sales):\n    return sales",
    ),
    "its own function": (
        "@asset()\ndef orders():\n    return 1",
        "@asset()\ndef sales():\n    return 1",
    ),
    "no parameter of a helper": (
        "def f(orders):\n    return orders\nf(orders=orders)",
        "def f(orders):\n    return orders\nf(orders=sales)",
    ),
    "a selection": ('%materialize +orders or key:"orders"', '%materialize +sales or key:"sales"'),
    "no group of a selection": ("%select group:orders", "%select group:orders"),
    "a check in a line magic": ("%failing orders.many", "%failing sales.many"),
    "beside a magic": ("%asset orders\nlen(orders)", "%asset sales\nlen(sales)"),
    "a table": (
        "%%asset a --sql\nselect orders.x from orders",
        "%%asset a --sql\nselect sales.x from sales",
    ),
    "no column": ("%%asset a --sql\nselect orders from b", "%%asset a --sql\nselect orders from b"),
    "no table of the query's own": (
        "%%asset a --sql\nwith orders as (from b) select * from orders",
        "%%asset a --sql\nwith orders as (from b) select * from orders",
    ),
    "broken code": ("%%asset a\norders + (", "%%asset a\nsales + ("),
    "no longer name": ("orders_2 + old_orders + raw.orders", "orders_2 + old_orders + raw.orders"),
}


@pytest.mark.parametrize("name", CASES)
def test_an_asset_is_renamed_where_it_is_meant(name: str) -> None:
    """Header, options, bodies and selections change; what is only written alike does not."""
    before, expected = CASES[name]
    assert after({"cell": before}) == {"cell": expected}


def test_a_variable_of_the_notebook_keeps_its_name() -> None:
    """Where an ordinary cell binds the name, ordinary cells mean that variable, and bodies the asset."""
    cells = {"a": "orders = 1", "b": "print(orders)", "c": "%%asset total\nsum(orders)"}
    assert after(cells) == {**cells, "c": "%%asset total\nsum(sales)"}


@pytest.mark.parametrize(
    ("old", "new", "before", "expected"),
    [
        ("raw/orders", "raw/sales", "%%asset a\norders", "%%asset a\nsales"),
        ("raw/orders", "core/orders", "%%asset raw/orders\norders", "%%asset core/orders\norders"),
        (
            "raw/orders",
            "core/orders",
            "%%asset a --sql\nfrom raw.orders",
            "%%asset a --sql\nfrom core.orders",
        ),
        ("orders", "select", "%%asset a --sql\nfrom orders", '%%asset a --sql\nfrom "select"'),
    ],
)
def test_paths_are_renamed_as_they_are_written(
    old: str, new: str, before: str, expected: str
) -> None:
    """Bodies read a key by its last part, queries by its parts with dots."""
    assert after({"cell": before}, old, new) == {"cell": expected}


@given(
    st.lists(st.sampled_from(["orders", "x", "(", ")", "=", ".", ",", " ", "\n", "'", "%", "#"]))
)
def test_there_and_back_again_is_where_one_was(parts: list[str]) -> None:
    """Whatever the text, a renaming to an unused name and back leaves it as it was."""
    cells = {"cell": "%%asset a\n" + "".join(parts)}
    assert after(after(cells), "sales", "orders") == cells


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    """No text of a cell keeps the others from being renamed."""
    assert after({"odd": text, "cell": "%%asset orders\n1"})["cell"] == "%%asset sales\n1"


def test_code_stays_code() -> None:
    """What could be parsed before can be parsed after."""
    body = (
        "async def f(a, *, b=1): return a\n[orders for orders in orders if orders]\nx: int = orders"
    )
    found = after({"cell": "%%asset a\n" + body})["cell"]
    ast.parse(found.partition("\n")[2])
    assert "orders" not in found
