"""The errors of dagbook, one module an area; all derive from DagbookError."""

from dagbook.errors.base import DagbookError, Place, did_you_mean, nearest

__all__ = ["DagbookError", "Place", "did_you_mean", "nearest"]
