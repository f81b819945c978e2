"""Definite assignment compared with what programs really read when they run."""

from __future__ import annotations

import ast
import builtins
import sys
from contextlib import suppress
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dagbook.cells.reads import may_read_before_binding

NAMES = ["a", "b", "c", "d", "e", "g", "h"]
FUEL = 600
_FUEL = "has_fuel"


class Thing:
    """A value that can be called, iterated, compared, entered and asked for anything."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        for arg in args:
            if callable(arg) and not isinstance(arg, Thing):
                self.world.run(arg)
        return self

    def __iter__(self) -> Any:
        return iter([self] * self.world.draw(3))

    def __bool__(self) -> bool:
        return bool(self.world.draw(2))

    def __lt__(self, other: object) -> bool:
        return bool(self.world.draw(2))

    def __add__(self, other: object) -> Thing:
        if self.world.draw(4) == 3:
            raise ValueError("one of the programs' own failures")
        return self

    def __enter__(self) -> Thing:
        return self

    def __exit__(self, *why: object) -> None:
        pass


class World:
    """Decides every branch from a list of numbers, and ends programs that run too long."""

    def __init__(self, choices: list[int]) -> None:
        self.choices = choices
        self.used = 0
        self.steps = 0
        self.rounds = 0

    def step(self, *event: object) -> Any:
        """A trace function that ends the program when it has run for too many lines."""
        self.steps += 1
        if self.steps > FUEL:
            raise KeyboardInterrupt
        return self.step

    def has_fuel(self) -> bool:
        """Asked by every `while`: an exception could be swallowed in a loop that never ends."""
        self.rounds += 1
        return self.rounds < FUEL

    def draw(self, below: int) -> int:
        self.used += 1
        return self.choices[self.used % len(self.choices)] % below

    def run(self, function: Any) -> None:
        try:
            function()
        except (TypeError, ValueError):
            pass


class Fuelled(ast.NodeTransformer):
    """Gives every `while` an end."""

    def visit_While(self, node: ast.While) -> ast.While:
        """`while test` becomes `while has_fuel() and test`."""
        self.generic_visit(node)
        asked = ast.Call(ast.Name(_FUEL, ast.Load()), [], [])
        node.test = ast.BoolOp(ast.And(), [asked, node.test])
        return node


class Names(dict[str, Any]):
    """Globals that remember every name that was ever bound."""

    def __init__(self) -> None:
        self.ever: set[str] = set()
        super().__init__(__name__="body")

    def __setitem__(self, name: str, value: Any) -> None:
        self.ever.add(name)
        super().__setitem__(name, value)


class Outside(dict[str, Any]):
    """Builtins that hold every name, and note which were asked for before they were bound."""

    def __init__(self, names: Names, world: World) -> None:
        fuel = {_FUEL: world.has_fuel}
        super().__init__(vars(builtins) | {"suppress": suppress} | fuel)
        self.names, self.world = names, world
        self.read: set[str] = set()

    def __missing__(self, name: str) -> Any:
        if name not in self.names.ever:
            self.read.add(name)
        return Thing(self.world)


def expressions() -> st.SearchStrategy[str]:
    """Expressions over the names, with everything that binds or delays."""
    name = st.sampled_from(NAMES)
    return st.recursive(
        name,
        lambda inner: st.one_of(
            st.tuples(inner, inner).map("({0[0]} + {0[1]})".format),
            st.tuples(inner, inner).map("({0[0]} and {0[1]})".format),
            st.tuples(inner, inner).map("(not {0[0]} or {0[1]})".format),
            st.tuples(inner, inner, inner).map("({0[0]} < {0[1]} < {0[2]})".format),
            st.tuples(inner, inner, inner).map("({0[0]} if {0[1]} else {0[2]})".format),
            st.tuples(name, inner).map("({0[0]} := {0[1]})".format),
            st.tuples(inner, inner).map("use({0[0]}, {0[1]})".format),
            inner.map("(lambda: {0})".format),
            st.tuples(name, inner).map("(lambda {0[0]}: {0[1]})".format),
            st.tuples(name, name, name).map("[{0[0]} for {0[1]} in {0[2]}]".format),
            st.tuples(name, name, name).map("[{0[0]} for q in {0[1]} if (r := {0[2]})]".format),
        ),
        max_leaves=3,
    )


def statements(depth: int, loop: bool) -> st.SearchStrategy[list[str]]:
    """Lines of one statement, indented from the margin."""
    name, value = st.sampled_from(NAMES), expressions()
    simple = [
        st.tuples(name, value).map("{0[0]} = {0[1]}".format),
        st.tuples(name, value).map("{0[0]} += {0[1]}".format),
        st.tuples(name, value).map("{0[0]}: object = {0[1]}".format),
        name.map("del {0}".format),
        value,
        value.map("assert {0}".format),
        name.map("import os as {0}".format),
        st.just("raise ValueError"),
    ]
    if loop:
        simple += [st.just("break"), st.just("continue")]
    lines = st.one_of(simple).map(lambda line: [line])
    if not depth:
        return lines
    inner, looped = block(depth - 1, loop), block(depth - 1, True)
    own = block(depth - 1, False)
    return st.one_of(
        lines,
        st.tuples(value, inner, inner).map(lambda t: [f"if {t[0]}:", *t[1], "else:", *t[2]]),
        st.tuples(name, value, looped, inner).map(
            lambda t: [f"for {t[0]} in use({t[1]}):", *t[2], "else:", *t[3]]
        ),
        st.tuples(value, looped, inner).map(lambda t: [f"while {t[0]}:", *t[1], "else:", *t[2]]),
        looped.map(lambda t: ["while True:", *t, " if use(): break"]),
        st.tuples(inner, name, inner, inner).map(
            lambda t: ["try:", *t[0], f"except ValueError as {t[1]}:", *t[2], "else:", *t[3]]
        ),
        st.tuples(inner, inner).map(lambda t: ["try:", *t[0], "finally:", *t[1]]),
        st.tuples(value, name, inner).map(lambda t: [f"with use({t[0]}) as {t[1]}:", *t[2]]),
        inner.map(lambda t: ["with suppress(ValueError):", *t]),
        st.tuples(name, name, own).map(lambda t: [f"def {t[0]}({t[1]}=use()):", *t[2]]),
        st.tuples(name, value).map(lambda t: [f"{t[0]} = lambda: {t[1]}"]),
        st.tuples(name, name).map(
            lambda t: [f"def {t[0]}():", f" return {t[1]}", f"use({t[0]})", f"{t[1]} = 1"]
        ),
        st.tuples(name, own).map(lambda t: [f"class {t[0]}:", *t[1]]),
        st.tuples(name, own).map(lambda t: [f"class {t[0]}:", " def m(self=1):", *_in(t[1])]),
        name.map(lambda t: [f"use(getattr({t}, 'm', 0))"]),
        st.tuples(value, name, inner, inner).map(
            lambda t: (
                [f"match {t[0]}:", f" case object() as {t[1]} if use():", *_in(t[2])]
                + [" case _:", *_in(t[3])]
            )
        ),
    )


def _in(lines: list[str]) -> list[str]:
    return [f" {line}" for line in lines]


def block(depth: int, loop: bool) -> st.SearchStrategy[list[str]]:
    """One to three statements, indented by one."""
    return st.lists(statements(depth, loop), min_size=1, max_size=3).map(
        lambda parts: _in([line for part in parts for line in part])
    )


def programs() -> st.SearchStrategy[str]:
    """Bodies of one to six statements."""
    return st.lists(statements(2, False), min_size=1, max_size=6).map(
        lambda parts: "\n".join(line for part in parts for line in part)
    )


def really_read(code: Any, choices: list[int]) -> set[str]:
    """The names that one run of the program asks the outside for before binding them."""
    world, names = World(choices), Names()
    outside = Outside(names, world)
    dict.__setitem__(names, "__builtins__", outside)
    before = sys.gettrace()
    sys.settrace(world.step)
    try:
        exec(code, names)
    except (Exception, KeyboardInterrupt):
        pass
    finally:
        sys.settrace(before)
    return outside.read


# The same programs in every run: CPython 3.11 itself can crash where it traces code that nobody writes.
@settings(max_examples=300, deadline=None, derandomize=True)
@given(programs(), st.randoms(use_true_random=False))
def test_every_real_read_is_found(source: str, random: Random) -> None:
    """Whatever a run reads from outside before binding it is in the computed set."""
    try:
        fuelled = ast.fix_missing_locations(Fuelled().visit(ast.parse(source)))
        code = compile(fuelled, "body", "exec")
    except SyntaxError:
        return
    found = may_read_before_binding(ast.parse(source)).names
    for _ in range(6):
        assert really_read(code, [random.randrange(12) for _ in range(20)]) <= found


@settings(max_examples=100, deadline=None)
@given(programs())
def test_names_found_are_names_written(source: str) -> None:
    """No name is made up: each read stands in the text at the place that is given."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    lines = source.splitlines()
    for name, at in may_read_before_binding(tree).first.items():
        assert lines[at.line - 1][at.column :].startswith(name)
