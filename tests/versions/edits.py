"""The matrix of edits, each with the verdict that a re-run would justify."""

from __future__ import annotations

from tests.versions.edits_of_code import OF_HELPERS, OF_THE_TEXT
from tests.versions.edits_of_types import OF_TYPES
from tests.versions.edits_of_values import OF_CLASSES, OF_VALUES

EDITS = [*OF_THE_TEXT, *OF_HELPERS, *OF_VALUES, *OF_CLASSES, *OF_TYPES]
