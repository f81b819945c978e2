"""Completion of asset names, and of what their values have, in ordinary cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from IPython.core.completer import (
    CompletionContext,
    SimpleCompletion,
    SimpleMatcherResult,
    context_matcher,
)
from IPython.core.interactiveshell import InteractiveShell

from dagbook.notebook.inspecting import attributes
from dagbook.notebook.session import NotebookSession


def complete_names(shell: InteractiveShell, session: NotebookSession) -> Callable[[], None]:
    """Offer the names of assets where a name may stand; gives what ends it."""

    @context_matcher()
    def asset_names(context: CompletionContext) -> SimpleMatcherResult:
        found = [
            SimpleCompletion(name, type="asset")
            for name in sorted(_names(session))
            if name.startswith(context.token) and context.token
        ]
        found += attributes(session, context.token)
        return SimpleMatcherResult(completions=found)

    matchers = shell.Completer.custom_matchers
    matchers.append(asset_names)
    return lambda: matchers.remove(asset_names)


def _names(session: NotebookSession) -> Iterable[str]:
    keys = {*session.workspace.graph.keys, *session.workspace.history_of.current}
    return {key.name for key in keys if session.key_named(key.name) is not None}
