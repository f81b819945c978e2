"""Methods and accessors that the user has put into the classes of frames."""

from __future__ import annotations

from collections.abc import Iterator
from types import FunctionType

import pandas as pd
import polars as pl
import pytest

from dagbook.versions.patched import patched
from tests.versions.cells import version_of

METHOD = """
import pandas as pd
def total(self): return len(self) + {n}
pd.DataFrame.total = total
def body(raw): return {body}
"""
ACCESSOR = """
import pandas as pd
class Places:
    def __init__(self, frame): self.frame = frame
    def count(self): return len(self.frame) + {n}
pd.DataFrame.places = property(Places)
if hasattr(pd.Series, "places"): del pd.Series.places
pd.api.extensions.register_series_accessor("places")(Places)
def body(raw): return {body}
"""


@pytest.fixture(autouse=True)
def unpatched() -> Iterator[None]:
    """The classes are put back as they were."""
    yield
    for kind in (pd.DataFrame, pd.Series, pl.DataFrame):
        for name in ("total", "places", "counted"):
            if name in vars(kind):
                delattr(kind, name)


@pytest.mark.parametrize(
    ("text", "body"), [(METHOD, "raw.total()"), (ACCESSOR, "raw.a.places.count()")]
)
def test_a_method_that_was_put_in_counts_where_it_is_called(text: str, body: str) -> None:
    """By its code, though the body names only the frame; and for nobody else."""
    one, other = (version_of(text.format(n=n, body=body)).digest for n in (1, 2))
    assert one != other
    plain = [version_of(text.format(n=n, body="raw.head()")).digest for n in (1, 2)]
    assert plain[0] == plain[1]


def test_what_others_put_in_changes_no_version() -> None:
    """A version is the same before and after, where the method is not called."""
    text = "import pandas as pd\nRATE = 2\ndef body(raw): return raw.head(RATE), pd.NA"
    before = version_of(text).digest
    counted = FunctionType((lambda frame: 1).__code__, {"__name__": "__main__"})
    setattr(pl.DataFrame, "counted", counted)  # noqa: B010  # no attribute of it is known
    assert list(patched()) == ["counted"]
    assert version_of(text).digest == before
