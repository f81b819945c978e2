"""What a look at code knows from outside the code itself."""

from __future__ import annotations

from collections.abc import Callable

from dagbook.records import dataclass
from dagbook.versions.code import Evaluation
from dagbook.versions.contents import Contents
from dagbook.versions.web import Provenance, unknown_origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What names mean and which secrets to keep while code is looked at.

    `is_asset` says whether a bare name is read as an asset; `provenance` gives the code that bound a
    name to a value, where it is known; `salt` is the store's secret; with `packages` the versions of
    installed packages are part of the code's version; `contents` are the large values that are known
    from look to look, and `budget` limits the seconds that are spent on digesting these again;
    `read_nothing` are packages that, as the user says, read no files below Python.
    """

    is_asset: Callable[[str], bool]
    provenance: Provenance = unknown_origin
    salt: bytes = b"dagbook"
    packages: bool = False
    contents: Contents | None = None
    budget: float | None = None
    read_nothing: frozenset[str] = frozenset()

    def evaluation(self) -> Evaluation:
        """A new look, which digests each value once."""
        return Evaluation(
            self.is_asset,
            provenance=self.provenance,
            salt=self.salt,
            look=self.contents.look(self.budget) if self.contents is not None else None,
            read_nothing=self.read_nothing,
        )
