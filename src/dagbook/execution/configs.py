"""From what a run is told to the config of one asset or op, and to the resources that it changes."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from typing import Any

from dagbook.errors.base import nearest
from dagbook.errors.resources import ConfigFault, InvalidConfig, ResourceError
from dagbook.resources.lifetimes import is_configurable
from dagbook.resources.run_config import Owner, RunConfig, entry_of, section


def config_of(config: RunConfig, owner: Owner) -> Any:
    """The config of one owner, checked; raises InvalidConfig with all its faults."""
    assert owner.needs.config is not None
    kind = owner.needs.config[1]
    given = entry_of(config, owner)
    if hasattr(kind, "checked"):
        if isinstance(given, kind):
            return given
        if given is None or isinstance(given, Mapping):
            return kind.checked(given or {}, owner.name, owner.place)
        problem = f"should be {kind.__name__} or a dictionary and is {type(given).__name__}"
    elif given is None:
        problem = "is required and not given"
    elif isinstance(given, typing.get_origin(kind) or kind):
        return given
    else:
        problem = f"should be {kind.__name__} and is {type(given).__name__}"
    fault = ConfigFault(owner=owner.name, field="", problem=problem, place=owner.place)
    raise InvalidConfig(faults=[fault])


def configured(resources: Mapping[str, Any], config: RunConfig) -> Mapping[str, Any]:
    """The resources with the fields that a run changes; raises InvalidConfig with every fault."""
    if not config.resources:
        return resources
    found = dict(resources)
    faults: list[ResourceError] = []
    for name, given in config.resources.items():
        try:
            found[name] = _changed(name, resources, section(given))
        except InvalidConfig as error:
            faults += error.faults
    if faults:
        raise InvalidConfig(faults=faults)
    return found


def _changed(name: str, resources: Mapping[str, Any], given: Any) -> Any:
    if is_configurable(given):
        return given
    known = resources.get(name)
    if known is None:
        problem, suggestions = "is not a resource of this run", nearest(name, resources)
    elif not is_configurable(known):
        problem, suggestions = "has no fields that could be changed", ()
    elif isinstance(given, Mapping):
        return type(known).checked({**dict(known.fields()), **given}, name, None)
    else:
        problem, suggestions = f"should be a dictionary and is {type(given).__name__}", ()
    raise InvalidConfig(
        faults=[ConfigFault(owner=name, field="", problem=problem, suggestions=suggestions)]
    )
