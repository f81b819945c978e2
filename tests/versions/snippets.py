"""Pieces of Python that versions of Python parse into different trees, or nearly did."""

SNIPPETS = (
    "f'{x}'",
    "f'a{x!r:>{n}}b'",
    "f'{x:{n}.{m}}'",
    "f'{x = }'",
    "f'{{{x}}}'",
    "f'a' 'b' f'{x}' 'c'",
    "f''",
    "f'{x:%Y-%m}' '%H'",
    "f'{x:a{n}b{m}c}'",
    "'\\ud800' + '\\N{SNOWMAN}' + 'é'",
    "b'\\xff' + rb'\\d'",
    "1_000 + 0xff + 1e400 - 1j + 10 ** 400",
    "-0.0, ..., None, True",
    "global_names = lambda *a, b=1, **c: (yield)",
    "def f(a, /, b: int = 1, *, c=2, **d) -> None: global g; g = 1",
    "async def f():\n    async with a as b: return [i async for i in b]",
    "class A(B, metaclass=M):\n    'Doc.'\n    x: int\n    (y): int = 1",
    "match x:\n    case {'a': [1, *r], **k} | P(1, q=None): pass\n    case _: ...",
    "try:\n    pass\nexcept* E as e:\n    raise X from e\nfinally:\n    del a[1:2, ::3]",
    "@a.b(1)\ndef f(): nonlocal_ = {**x, 'k': 1}; return {*y}",
    "import a.b as c; from ..d import e as f, g",
    "x: int = 1; (y := 2); assert x, 'm'; print(*a, **b)",
    "u'a' + u'b'",
)

# All of them are the first snippet, written otherwise.
ALIKE = ("f'{x:}'", "f'''{\nx\n}'''", "(f'' f'{x}')", "f'{(x)}'")
