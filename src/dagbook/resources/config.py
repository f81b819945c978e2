"""What a run may be told about one asset or op: a checked record of plain fields."""

from __future__ import annotations

from typing import ClassVar

import pydantic

from dagbook.resources.late import LateModel


class Config(LateModel):
    """The base of a class whose fields configure an asset or op in one run.

    A parameter `config: MyConfig` gets the record of the run. Unknown fields, missing ones and
    wrong values raise InvalidConfig before anything runs. A changed field makes the asset stale.

    >>> from dagbook import asset, materialize, RunConfig
    >>> class Limits(Config):
    ...     rows: int = 10
    >>> @asset
    ... def orders(config: Limits):
    ...     return list(range(config.rows))
    >>> run = materialize([orders], run_config=RunConfig(ops={"orders": Limits(rows=2)}))
    >>> run.asset_value("orders")
    [0, 1]
    """

    __dagbook_role__: ClassVar[str] = "config"


class PermissiveConfig(Config):
    """A Config that takes further fields as they come.

    >>> PermissiveConfig(anything=1).anything
    1
    """

    model_config = pydantic.ConfigDict(extra="allow")
