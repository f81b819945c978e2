"""Keeping what a body gave: values in the store, metadata with their kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dagbook.definitions.results import NO_VALUE
from dagbook.errors.store import NotStorable
from dagbook.execution.figures import figure_of
from dagbook.execution.outputs import Given
from dagbook.execution.requests import OutputResult
from dagbook.execution.verdicts import metadata_of
from dagbook.io.objects import ObjectStore
from dagbook.versions.carried import carrying
from dagbook.versions.data import kept_version
from dagbook.versions.rows import RowsVersion, in_this_order


def kept_output(
    asset: str, name: str, given: Given, added: Mapping[str, Any], objects: ObjectStore
) -> OutputResult:
    """One output with its value in the store; `added` is metadata that the context was given.

    Raises NotStorable, naming the asset.
    """
    metadata = metadata_of({**added, **given.metadata}) if added or given.metadata else {}
    if given.value is NO_VALUE:
        return OutputResult(name=name, data_version=given.data_version or "", metadata=metadata)
    value = figure_of(given.value)
    version = kept_version(value)
    told = given.data_version or version.digest
    if isinstance(told, RowsVersion):
        told = in_this_order(version.digest, told)
    try:
        stored = objects.put(value)
    except NotStorable as error:
        error.asset = asset
        raise
    return OutputResult(
        name=name,
        data_version=carrying(told, version.named),
        weak=version.weak,
        stored=stored,
        metadata=metadata,
    )


def unexpected_warning(op: str, output: str, asset: str) -> str:
    """What is said of an output that was given although its asset was not selected."""
    return (
        f"`{op}` gave its output `{output}`, so that `{asset}` was materialized although it was "
        "not selected. Give only what `context.selected_output_names` holds."
    )
