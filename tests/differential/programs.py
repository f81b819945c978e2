"""Random programs of definitions that mean the same to Dagster and to dagbook."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The text of the definitions, which call their library `dg`, and the keys to select."""

    text: str
    selection: tuple[str, ...] | None


@dataclass(slots=True)
class Writer:
    """Writes one program, definition by definition."""

    rng: random.Random
    lines: list[str] = field(default_factory=list)
    # The keys in order, each with the keys that can't be made without it and the keys above it.
    together: dict[str, tuple[str, ...]] = field(default_factory=dict)
    above: dict[str, tuple[str, ...]] = field(default_factory=dict)
    number: int = 0

    def chance(self, share: float) -> bool:
        """True as often as this share says."""
        return self.rng.random() < share

    def name(self, letter: str) -> str:
        """A new name."""
        self.number += 1
        return f"{letter}{self.number}"

    def some(self, names: Sequence[str], most: int) -> list[str]:
        """Some of these names, in their order."""
        count = min(len(names), self.rng.randint(0, most))
        chosen = set(self.rng.sample(list(names), count))
        return [name for name in names if name in chosen]

    def write(self, *lines: str) -> None:
        """Add lines to the program."""
        self.lines.extend(lines)

    def made(self, keys: Sequence[str], above: Sequence[str], *, apart: bool) -> None:
        """Say which assets a definition makes, from which others, and whether in parts."""
        for key in keys:
            self.together[key] = (key,) if apart else tuple(keys)
            self.above[key] = tuple(above)


def program(rng: random.Random) -> Program:
    """A program of two to six definitions, with checks, and what is selected of it."""
    out = Writer(rng)
    for _ in range(rng.randint(2, 6)):
        rng.choice([_asset, _asset, _asset, _multi, _multi, _specs, _graph, _graph, _dynamic])(out)
    for key in list(out.together):
        if out.chance(0.2):
            _check(out, key)
    return Program(text="\n".join(out.lines) + "\n", selection=_selection(out))


def _selection(out: Writer) -> tuple[str, ...] | None:
    keys = list(out.together)
    if not keys or out.chance(0.5):
        return None
    chosen = set(out.rng.sample(keys, out.rng.randint(1, len(keys))))
    if out.chance(0.6):
        waiting = list(chosen)
        while waiting:
            more = set(out.above[waiting.pop()]) - chosen
            chosen |= more
            waiting += more
    whole = {other for key in chosen for other in out.together[key]}
    return tuple(key for key in keys if key in whole)


def total(terms: Sequence[str], rng: random.Random) -> str:
    """An expression that adds up these names and a number."""
    return " + ".join([*terms, str(rng.randint(1, 9))])


def _asset(out: Writer) -> None:
    name, rng = out.name("a"), out.rng
    inputs = out.some(list(out.together), 2)
    deps = [key for key in out.some(list(out.together), 1) if key not in inputs]
    fate = rng.choice(["ok"] * 6 + ["fail", "skip", "late", "maybe", "inline"])
    options = [f"deps={deps!r}"] if deps else []
    if fate in ("skip", "maybe"):
        options.append("output_required=False")
    if fate == "inline":
        options.append(
            f'check_specs=[dg.AssetCheckSpec(name="c_{name}", asset="{name}", '
            f"blocking={out.chance(0.5)})]"
        )
    value = total(inputs, rng)
    severity = rng.choice(["WARN", "ERROR"])
    bodies = {
        "ok": [f"return {value}"],
        "fail": ["raise ValueError('no')"],
        "skip": ["if False:", f"    yield dg.Output({value})"],
        "maybe": [f"yield dg.Output({value})"],
        "late": [f"yield dg.Output({value})", "raise ValueError('late')"],
        "inline": [
            f"yield dg.Output({value})",
            f"yield dg.AssetCheckResult(passed={out.chance(0.5)}, "
            f"severity=dg.AssetCheckSeverity.{severity})",
        ],
    }
    out.write(f"@dg.asset({', '.join(options)})", f"def {name}({', '.join(inputs)}):")
    out.write(*[f"    {line}" for line in bodies[fate]])
    out.made([name], [*inputs, *deps], apart=True)


def _check(out: Writer, key: str) -> None:
    rng = out.rng
    out.write(
        f'@dg.asset_check(asset="{key}", blocking={out.chance(0.5)})',
        f"def {out.name('c')}({key}):" if out.chance(0.7) else f"def {out.name('c')}():",
    )
    if out.chance(0.1):
        out.write("    raise ValueError('no verdict')")
        return
    severity = rng.choice(["WARN", "ERROR"])
    out.write(
        f"    return dg.AssetCheckResult(passed={out.chance(0.6)}, "
        f"severity=dg.AssetCheckSeverity.{severity})"
    )


def _multi(out: Writer) -> None:
    name, rng = out.name("m"), out.rng
    keys = [f"{name}_{at}" for at in range(rng.randint(1, 3))]
    inputs = out.some(list(out.together), 2)
    subset = out.chance(0.5)
    required = not subset and out.chance(0.5)
    outs = ", ".join(f'"{key}": dg.AssetOut(is_required={required})' for key in keys)
    out.write(
        f"@dg.multi_asset(outs={{{outs}}}, can_subset={subset})",
        f"def {name}({', '.join(['context', *inputs])}):",
    )
    if required and len(keys) > 1 and out.chance(0.5):
        wrong = out.chance(0.15)
        values = [total(inputs, rng) for _ in keys[wrong:]]
        out.write(f"    return ({', '.join(values)},)")
    else:
        fates = [rng.choice(["ok"] * 7 + ["skip", "fail"]) for _ in keys]
        for key, fate in zip(keys, fates, strict=True):
            out.write(f'    if "{key}" in context.selected_output_names:')
            out.write(
                {
                    "ok": f'        yield dg.Output({total(inputs, rng)}, "{key}")',
                    "skip": "        pass",
                    "fail": "        raise ValueError('no')",
                }[fate]
            )
        out.write("    if False:", "        yield")
    out.made(keys, inputs, apart=subset)


def _specs(out: Writer) -> None:
    name, rng = out.name("s"), out.rng
    keys = [f"{name}_{at}" for at in range(rng.randint(1, 3))]
    deps = out.some(list(out.together), 2)
    specs = ", ".join(f'dg.AssetSpec("{key}", deps={deps!r})' for key in keys)
    subset = out.chance(0.4)
    out.write(f"@dg.multi_asset(specs=[{specs}], can_subset={subset})", f"def {name}(context):")
    if not subset and out.chance(0.5):
        out.write("    pass" if out.chance(0.8) else "    raise ValueError('no')")
    else:
        for key in keys:
            out.write(
                f'    if dg.AssetKey("{key}") in context.selected_asset_keys:',
                f'        yield dg.MaterializeResult(asset_key="{key}")',
            )
    # Nothing is handed to the readers of these: only `deps` may name them.
    out.made(keys, deps, apart=subset)
    for key in keys:
        del out.together[key], out.above[key]


@dataclass(slots=True)
class _Body:
    """The body of a graph that is being written: which handles there are and which are used."""

    handles: list[str]
    inputs: frozenset[str]
    used: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)

    @property
    def loose(self) -> list[str]:
        """The outputs of ops that nothing reads yet."""
        return [one for one in self.handles if one not in self.used and one not in self.inputs]


def _graph(out: Writer) -> None:
    name, rng = out.name("g"), out.rng
    inputs = out.some(list(out.together), 2)
    subset = out.chance(0.5)
    body = _Body(list(inputs), frozenset(inputs))
    for _ in range(rng.randint(1, 4)):
        _op_call(out, body, subset)
    unused = [one for one in inputs if one not in body.used]
    while unused or len(body.loose) > 3:
        _joining(out, body, [*unused, *body.loose[: 0 if unused else 2]])
        unused = []
    results = [*body.loose]
    keys = [f"{name}_{at}" for at in range(len(results))]
    returned = ", ".join(f'"{key}": {one}' for key, one in zip(keys, results, strict=True))
    if out.chance(0.5):
        outs = ", ".join(f'"{key}": dg.AssetOut()' for key in keys)
        out.write(f"@dg.graph_multi_asset(outs={{{outs}}}, can_subset={subset})")
    else:
        outs = ", ".join(f'"{key}": dg.GraphOut()' for key in keys)
        out.write(f"@dg.graph(out={{{outs}}})")
    by_graph = out.lines[-1].startswith("@dg.graph(")
    out.write(f"def {name}({', '.join(inputs)}):")
    out.write(*[f"    {line}" for line in body.lines], f"    return {{{returned}}}")
    if by_graph:
        out.write(
            f"{name}_assets = dg.AssetsDefinition.from_graph({name}, can_subset={subset}, "
            f"keys_by_input_name={ {one: f'KEY({one})' for one in inputs}!r})".replace(
                "'KEY(", 'dg.AssetKey("'
            ).replace(")'", '")')
        )
    out.made(keys, inputs, apart=subset)


def _op_call(out: Writer, body: _Body, subset: bool) -> None:
    """Write an op before the graph, and its call into the body."""
    name, rng = out.name("o"), out.rng
    reads = out.some(body.handles, 2)
    body.used.update(reads)
    count = rng.choice([1, 1, 2])
    params = [f"p{at}" for at in range(len(reads))]
    optional = count == 2 or out.chance(0.3)
    names = [f"r{at}" for at in range(count)]
    outs = ", ".join(f'"{one}": dg.Out(is_required={not optional})' for one in names)
    lines = [f"@dg.op(out={{{outs}}})", f"def {name}({', '.join(['context', *params])}):"]
    for one in names:
        fate = rng.choice(["ok"] * 8 + ["fail"] + ["skip"] * optional)
        lines.append(f'    if "{one}" in context.selected_output_names:')
        lines.append(
            {
                "ok": f'        yield dg.Output({total(params, rng)}, "{one}")',
                "skip": "        pass",
                "fail": "        raise ValueError('no')",
            }[fate]
        )
    out.write(*lines, "    if False:", "        yield")
    handles = [f"h_{name}_{at}" for at in range(count)]
    body.lines.append(f"{', '.join(handles)} = {name}({', '.join(reads)})")
    body.handles += handles


def _joining(out: Writer, body: _Body, reads: Sequence[str]) -> None:
    """An op that takes a list of these handles."""
    name = out.name("j")
    out.write("@dg.op", f"def {name}(values):", "    return sum(values)")
    if len(reads) == 1:
        out.lines[-1] = "    return values + 1"
    body.used.update(reads)
    given = reads[0] if len(reads) == 1 else f"[{', '.join(reads)}]"
    body.lines.append(f"h_{name} = {name}({given})")
    body.handles.append(f"h_{name}")


def _dynamic(out: Writer) -> None:
    """A graph asset that maps an op over a dynamic output and collects what it gives."""
    name, rng = out.name("d"), out.rng
    inputs = out.some(list(out.together), 1)
    first, each, last = out.name("o"), out.name("o"), out.name("o")
    count = rng.randint(0, 3)
    required = out.chance(0.7)
    fate = rng.choice(["ok", "ok", "ok", "fail", "skip"])
    out.write(
        f"@dg.op(out=dg.DynamicOut(is_required={required}))",
        f"def {first}({', '.join(inputs)}):",
        f"    for at in range({count}):",
        f"        yield dg.DynamicOutput({total(['at', *inputs], rng)}, mapping_key=str(at))",
        f"@dg.op(out=dg.Out(is_required={fate != 'skip'}))",
        f"def {each}(value):",
        *(["    if value % 2:", "        raise ValueError('odd')"] if fate == "fail" else []),
        *(["    if value % 2:", "        return"] if fate == "skip" else []),
        "    yield dg.Output(2 * value)",
        "@dg.op",
        f"def {last}(values):",
        "    return sum(values)",
        "@dg.graph_asset",
        f"def {name}({', '.join(inputs)}):",
        f"    return {last}({first}({', '.join(inputs)}).map({each}).collect())",
    )
    out.made([name], inputs, apart=True)
