"""Which outer names a body may read before it binds them."""

from __future__ import annotations

import ast
import sys
import textwrap

import pytest

from dagbook.cells.reads import may_read_before_binding

CASES = [
    ("orders = orders.dropna()", "orders"),
    ("x = 1\nx + y", "y"),
    ("x: int = 1\nx", ""),
    ("x: Kind = y", "y"),
    ("x += 1", "x"),
    ("del x", "x"),
    ("x = 1\ndel x", ""),
    ("a.b = c[d]", "a c d"),
    ("a[i] += 1", "a i"),
    ("(a, *b), c = d\na, b, c", "d"),
    ("f(x, *y, k=z, **w)", "f x y z w"),
    ("f'{x!r:{w}}'", "x w"),
    ("import numpy as np, os.path\nfrom a import b as c\nnp, os, c, b", "b"),
    # branches
    ("if a:\n x = 1\nx", "a x"),
    ("if a:\n x = 1\nelse:\n x = 2\nx", "a"),
    ("if a:\n x = 1\nelse:\n raise E\nx", "a E"),
    ("if False:\n y\nx", "x"),
    ("x = 1 if a else b\nx", "a b"),
    ("if (n := f()) and n > 1:\n n", "f"),
    ("if a and (n := f()):\n n\nelse:\n n", "a f n"),
    ("if not (a or (n := f())):\n n", "a f"),
    ("a < (b := f()) < (c := g())\nb, c", "a f g c"),
    ("assert (m := f()), m\nm", "f"),
    ("assert a and (m := f()), m\nm", "a f m"),
    # loops
    ("for i in xs:\n y = i\ny, i", "xs y i"),
    ("for i in i:\n pass", "i"),
    ("for i in xs:\n if i: break\nelse:\n y = 1\ny", "xs y"),
    ("for i in xs:\n y = 1\n break\nelse:\n y = 2\ny", "xs"),
    ("while True:\n y = f()\n if y: break\ny", "f"),
    ("while (line := f()):\n line\nline", "f"),
    ("while a:\n b = 1\nelse:\n c = 1\nb, c", "a b"),
    ("while 1:\n continue\nz", ""),
    # try and with
    ("try:\n x = f()\nexcept E as e:\n e\n x = None\nx", "f E"),
    ("try:\n x = f()\nexcept E:\n pass\nx", "f E x"),
    ("try:\n x = f()\nexcept E:\n raise\nx", "f E"),
    ("try:\n x = f()\nfinally:\n x\nx", "f x"),
    ("try:\n f()\nexcept E:\n pass\nelse:\n y = 1\nfinally:\n z = 1\ny, z", "f E y"),
    ("try:\n x = f()\nexcept* E as e:\n x = e\nx", "f E"),
    ("with open(p) as f:\n x = f.read()\nx", "open p"),
    ("with contextlib.suppress(E):\n x = f()\nx", "contextlib E f x"),
    # scopes
    ("[x for x in xs if x > lim]\nx", "xs lim x"),
    ("[x for x in x]", "x"),
    ("{k: v for k, v in d for w in v}", "d"),
    ("[(y := f(x)) for x in xs]\ny", "f xs y"),
    ("lambda a, b=c, *d, **e: a + b + d + e + g", "c g"),
    ("def f(a: T = d) -> R:\n b = a\n return b + c\nf", "T d R c"),
    ("def f():\n return helper()\ndef helper():\n return 1\nf()", ""),
    ("def f():\n return y\nf()\ny = 1", "y"),
    ("def f():\n return g()\ndef g():\n return y\nf()\ny = 1", "y"),
    ("def f():\n return f()\nf", ""),
    ("def f():\n return y\ny = 1\nf()", ""),
    ("f = lambda: y\ny = 1\nf()", ""),
    ("@d\ndef f():\n return y\ny = 1", "d y"),
    ("def unused():\n return y", "y"),
    ("x = 1\ndef f():\n nonlocal x\n x += 1\nf()", ""),
    ("def f():\n x = y\n x\n def g():\n  return x + z\n return g\nf", "y z"),
    ("async def f():\n async with a as b:\n  await b\nf", "a"),
    ("for i in xs:\n if i: f()\n def f(): return y\n if c: continue\n y = 1", "xs f c y"),
    ("class C(B, k=m):\n a: int = q\n b = a\n def g(self):\n  return a\nC", "B m q a int"),
    ("class C:\n def m(self):\n  return y\ny = 1\nC()", ""),
    ("class C:\n n = 3\n xs = [n for _ in range(n)]", "n range"),
    ("orders = 1\nclass C:\n orders = orders", "orders"),
    # match
    ("match v:\n case P(a, k=b):\n  a, b\n case [c, *d]:\n  c, d\na", "v P a"),
    ("match v:\n case {'k': a, **r} if a:\n  r\n case M.x | 1:\n  pass", "v M"),
    ("match v:\n case 1 as x:\n  pass\n case _:\n  x = 2\nx", "v"),
    # control that ends
    ("return x\ny", "x"),
    ("raise E from c\ny", "E c"),
]


@pytest.mark.parametrize(("body", "expected"), CASES, ids=[case[0][:40] for case in CASES])
def test_reads(body: str, expected: str) -> None:
    """A name is a read exactly where some path reaches it unbound."""
    assert may_read_before_binding(ast.parse(body)).names == set(expected.split())


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax came with Python 3.12")
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("def f[T: B](x: T) -> T:\n y: T = x\n return y\nf", "B"),
        ("class C[T](G[T]):\n x: T\nC", "G"),
        ("type A[T] = dict[T, V]\nA", "dict V"),
    ],
)
def test_type_parameters(body: str, expected: str) -> None:
    """Type parameters belong to their definition."""
    assert may_read_before_binding(ast.parse(body)).names == set(expected.split())


def test_place_of_the_first_read() -> None:
    """Each read carries the line and column where it first stands."""
    reads = may_read_before_binding(ast.parse("y = 1\nprint(y, orders)\norders"))
    assert reads.first["orders"][:2] == (2, 9)


def test_assigned_names() -> None:
    """What a body makes local counts every kind of binding, and none of an inner scope."""
    body = """
    import a.b, c as d
    e, (f, *g) = h
    i: int
    for j in [k for k in l if (m := k)]: pass
    with n as o: pass
    def p(q): r = 1
    class S: t = 1
    try: pass
    except E as u: pass
    match v:
        case {'w': x, **y}: pass
    del z
    """
    reads = may_read_before_binding(ast.parse(textwrap.dedent(body)))
    assert reads.assigned == set("adefgijmopSuxyz")


@pytest.mark.parametrize(
    ("body", "sure"),
    [
        ("orders = 1", True),
        ("if a: orders = 1", False),
        ("if a: raise E\norders = 1", True),
        ("for x in xs: orders = x", False),
        ("return 1", True),
    ],
)
def test_bound_at_the_end(body: str, sure: bool) -> None:
    """A name is surely bound when every path that reaches the end binds it."""
    assert may_read_before_binding(ast.parse(body)).binds_for_sure("orders") is sure


@pytest.mark.parametrize(
    ("body", "awaits", "yields"),
    [
        ("await x", True, False),
        ("async for i in x: pass", True, False),
        ("async with x: pass", True, False),
        ("[i async for i in x]", True, False),
        ("yield 1", False, True),
        ("x = yield from y", False, True),
        ("async def f(): await x", False, False),
        ("def f(): yield x", False, False),
        ("lambda: (yield)", False, False),
    ],
)
def test_kind_of_function(body: str, awaits: bool, yields: bool) -> None:
    """Only an `await` or a `yield` of the body itself makes it asynchronous or a generator."""
    reads = may_read_before_binding(ast.parse(body))
    assert (reads.awaits, reads.yields) == (awaits, yields)


def test_strings_without_notes() -> None:
    """String literals are listed, those inside functions too; bare strings are notes."""
    body = "'title'\nf('a')\ndef g():\n  'doc'\n  return f'{x} b'\nxs = ['c'] * 2"
    strings = may_read_before_binding(ast.parse(body)).strings
    assert sorted(text for text, _ in strings) == [" b", "a", "c"]
