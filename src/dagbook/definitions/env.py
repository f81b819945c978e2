"""A value that is read from the environment when a run needs it, and is never shown."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, Self

from dagbook.errors.resources import EnvVarNoNumber, EnvVarShown, EnvVarUnset, ResourceError


class EnvVar(str):
    """Stands in a resource or config for the value that an environment variable has in the run.

    `EnvVar(name)` is text; `EnvVar.int(name)` a whole number. The value is kept out of logs and
    records; turning the placeholder itself into text or a number raises EnvVarShown.

    >>> import os
    >>> os.environ["DEMO_REGION"] = "north"
    >>> EnvVar("DEMO_REGION"), EnvVar("DEMO_REGION").get_value()
    (EnvVar('DEMO_REGION'), 'north')
    """

    # A `str` for the type checker's sake: it stands where fields are declared as text.

    @classmethod
    def int(cls, name: str) -> Any:
        """A variable whose text is a whole number; a run raises EnvVarNoNumber where it is not."""
        return _EnvInt(name)

    @property
    def env_var_name(self) -> str:
        """The name of the variable."""
        return str.__str__(self)

    def get_value(self, default: str | None = None) -> str | None:
        """What the variable is now; `default` where it is not set."""
        return os.environ.get(self.env_var_name, default)

    def resolve(self, needed_by: str | None = None) -> Any:
        """The value; raises EnvVarUnset, which names who needs it."""
        found = os.environ.get(self.env_var_name)
        if found is None:
            raise EnvVarUnset(variable=self.env_var_name, needed_by=needed_by)
        return found

    def __str__(self) -> str:
        raise EnvVarShown(variable=self.env_var_name)

    def __format__(self, spec: str) -> str:
        raise EnvVarShown(variable=self.env_var_name)

    def __repr__(self) -> str:
        return f"EnvVar({str.__repr__(self)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.env_var_name,)

    def __deepcopy__(self, memo: object) -> Self:
        return self


class _EnvInt(EnvVar):
    def resolve(self, needed_by: str | None = None) -> Any:
        text = super().resolve(needed_by)
        try:
            return int(text)
        except ValueError:
            raise EnvVarNoNumber(variable=self.env_var_name, needed_by=needed_by) from None


def env_vars_in(value: Any) -> tuple[EnvVar, ...]:
    """The placeholders in a value, in lists and dictionaries too."""
    if isinstance(value, EnvVar):
        return (value,)
    if isinstance(value, Mapping):
        return tuple([found for part in value.values() for found in env_vars_in(part)])
    if isinstance(value, (list, tuple, set, frozenset)):
        return tuple([found for part in value for found in env_vars_in(part)])
    return ()


def unfilled(value: Any, needed_by: str) -> Iterator[ResourceError]:
    """One error for each placeholder in a value that the environment can't fill."""
    for variable in env_vars_in(value):
        try:
            variable.resolve(needed_by)
        except ResourceError as error:
            yield error


def resolved(value: Any, needed_by: str | None = None) -> Any:
    """The value with what the environment says in place of each placeholder."""
    if isinstance(value, EnvVar):
        return value.resolve(needed_by)
    if isinstance(value, Mapping):
        return {name: resolved(part, needed_by) for name, part in value.items()}
    if type(value) in (list, tuple, set, frozenset):
        return type(value)(resolved(part, needed_by) for part in value)
    return value
