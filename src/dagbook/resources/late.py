"""Pydantic models whose fields may be environment variables that get their values in the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pydantic

from dagbook.definitions.env import env_vars_in, resolved, unfilled
from dagbook.errors.base import Place, nearest
from dagbook.errors.resources import ConfigFault, InvalidConfig, ResourceError
from dagbook.resources.secrets import redacted, remember

# What pydantic calls the kinds of faults that have a better sentence here.
_UNKNOWN, _MISSING = "extra_forbidden", "missing"


if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    # Nothing public names it.
    ModelMetaclass = type(pydantic.BaseModel)


class _Telling(ModelMetaclass):
    """Calls a class of records, and tells its faults in our words."""

    def __call__(cls, *arguments: Any, **fields: Any) -> Any:
        # Here and not in `__init__`: that is called for records within records too.
        try:
            return super().__call__(*arguments, **fields)
        except pydantic.ValidationError as error:
            # Without pydantic's own text, which repeats what was typed, secrets too.
            raise InvalidConfig(faults=list(_faults(cls, error))) from None


class LateModel(pydantic.BaseModel, metaclass=_Telling):
    """A frozen record with checked fields, each of which may be an EnvVar until it is needed."""

    __dagbook_role__: ClassVar[str] = ""
    model_config = pydantic.ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, populate_by_name=True
    )

    @pydantic.field_validator("*", mode="wrap")
    @classmethod
    def _later(cls, value: Any, check: Callable[[Any], Any]) -> Any:
        # Checked when its value is known.
        return value if env_vars_in(value) else check(value)

    def __hash__(self) -> int:
        # Fields may hold what can't be hashed; equal records are of one class.
        return hash(type(self))

    def resolved_fields(self, owner: str) -> dict[str, Any]:
        """The fields with what the environment says now; raises EnvVarUnset."""
        found = {}
        for name, value in self.fields():
            found[name] = resolved(value, f"the field `{name}` of {owner}")
            if env_vars_in(value):
                remember(found[name])
            elif isinstance(value, (pydantic.SecretStr, pydantic.SecretBytes)):
                remember(value)
        return found

    def at_run(self, owner: str) -> Self:
        """This record as the run sees it, checked; raises EnvVarUnset or InvalidConfig."""
        parts = self.resolved_fields(owner).items()
        return type(self)(
            **{n: v.at_run(f"{owner}.{n}") if isinstance(v, LateModel) else v for n, v in parts}
        )

    def unset(self, owner: str) -> Iterator[ResourceError]:
        """One error for each environment variable that it needs and that can't fill its field."""
        for name, value in self.fields():
            needed_by = f"the field `{name}` of {owner}"
            if isinstance(value, LateModel):
                yield from value.unset(needed_by)
            yield from unfilled(value, needed_by)

    @classmethod
    def checked(cls, given: Mapping[str, Any], owner: str, place: Place | None) -> Self:
        """The record of these fields; raises InvalidConfig whose faults name the owner and its place."""
        try:
            return cls(**given)
        except InvalidConfig as error:
            for fault in error.faults:
                if isinstance(fault, ConfigFault):
                    fault.owner, fault.place = owner, place
            raise

    def __repr__(self) -> str:
        return redacted(super().__repr__())

    def __str__(self) -> str:
        return redacted(super().__str__())

    def fields(self) -> Iterator[tuple[str, Any]]:
        """The names and values of all fields, extra ones too."""
        yield from dict(self).items()


def _faults(cls: Any, error: pydantic.ValidationError) -> Iterator[ResourceError]:
    for fault in error.errors(include_url=False, include_input=False, include_context=False):
        where = ".".join(str(part) for part in fault["loc"])
        if fault["type"] == _UNKNOWN:
            known = nearest(where, cls.model_fields)
            yield ConfigFault(
                owner=cls.__name__,
                field=where,
                problem="is not one of its fields",
                suggestions=known,
            )
        elif fault["type"] == _MISSING:
            yield ConfigFault(owner=cls.__name__, field=where, problem="is required and not given")
        else:
            said = fault["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
            problem = f"is wrong: {said[:1].lower()}{said[1:]}"
            yield ConfigFault(owner=cls.__name__, field=where, problem=problem)
