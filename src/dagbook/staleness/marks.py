"""The fingerprints of assets and checks, and what equal ones mean."""

from __future__ import annotations

from collections.abc import Mapping

from dagbook.events.records import InputVersion, Verdict
from dagbook.graph.nodes import AssetNode, CheckNode
from dagbook.staleness.fingerprint import fingerprint
from dagbook.staleness.status import Judgement
from dagbook.versions.code import CodeVersion

NOTHING_ELSE: Mapping[str, str] = {}


def asset_fingerprint(
    version: str, node: AssetNode, inputs: tuple[InputVersion, ...], others: Mapping[str, str]
) -> str:
    """The fingerprint that a run of this asset has with these inputs."""
    definition = node.definition
    one = definition is None or len(definition.specs) == 1
    output = "result" if one or definition is None else definition.output_of(node.key)
    read = [item for item in inputs if item.name]
    waited = [item.data_version for item in inputs if not item.name] if node.waited else ()
    return fingerprint(version, output, read, waited, others)


def check_fingerprint(
    version: str,
    node: CheckNode,
    inputs: tuple[InputVersion, ...],
    others: Mapping[str, str] = NOTHING_ELSE,
) -> str:
    """The fingerprint that a verdict of this check has with these inputs and files.

    What an asset's own body answers belongs to the data that it gave, whatever its code is.
    """
    if node.inline:
        return fingerprint("inline", node.spec.name, inputs, (), {})
    severity = getattr(node.definition, "severity", "")
    return fingerprint(version, f"{node.spec.name} {severity}", inputs, (), others)


def stops_below(node: CheckNode, verdict: Verdict | None) -> bool:
    """Whether a verdict bars what is below: as the check is declared now, not as it was then."""
    return (
        verdict is not None
        and node.spec.blocking
        and not verdict.passed
        and verdict.severity == "ERROR"
    )


def judgement_of(verdict: Verdict | None) -> Judgement:
    """The verdict in one word."""
    if verdict is None:
        return "missing"
    if verdict.passed:
        return "passed"
    return "warned" if verdict.severity == "WARN" else "failed"


def is_steady_check(node: CheckNode, code: CodeVersion) -> bool:
    """Whether a verdict on the same data holds for longer than the moment in which it was given."""
    momentary = getattr(node.definition, "momentary", False)
    return code.tracked and not (code.stale_modules or code.unseen or momentary)


def is_steady(node: AssetNode, code: CodeVersion) -> bool:
    """Whether equal fingerprints can mean fresh: nothing untracked is read, and no rule forbids it."""
    upkeep = node.definition.upkeep if node.definition is not None else None
    if upkeep is not None and upkeep.always:
        return False
    named = upkeep is not None and bool(upkeep.reads)
    tracked = code.tracked and not code.stale_modules and (named or not code.unseen)
    return node.spec.code_version is not None or tracked


def is_doubtful(node: AssetNode, code: CodeVersion) -> bool:
    """Whether more than equal fingerprints has to be asked for."""
    definition = node.definition
    return (definition is not None and definition.upkeep.max_age is not None) or not is_steady(
        node, code
    )


def adopts(node: AssetNode) -> bool:
    """Whether a kept result of another record may count for it.

    A declared code version says nothing of other assets' code, and the age of a result begins
    when it was computed.
    """
    definition = node.definition
    return node.spec.code_version is None and (
        definition is None or definition.upkeep.max_age is None
    )
