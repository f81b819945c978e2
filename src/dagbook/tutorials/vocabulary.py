"""The words of sites and their generators: which components, admonitions and languages mean what."""

from __future__ import annotations

from dagbook.tutorials.nodes import CalloutKind

CALLOUTS: dict[str, CalloutKind] = {
    **dict.fromkeys(("note", "abstract", "summary", "seealso", "quote", "cite"), "note"),
    **dict.fromkeys(("tip", "hint", "success", "check", "example", "question", "help"), "tip"),
    **dict.fromkeys(("info", "important", "todo", "admonition", "callout", "aside"), "info"),
    **dict.fromkeys(("warning", "caution", "attention", "warn", "experimental"), "warning"),
    **dict.fromkeys(("danger", "error", "bug", "failure", "fail"), "danger"),
}
SIGNS: dict[CalloutKind, str] = {
    "note": "Note",
    "tip": "Tip",
    "info": "Info",
    "warning": "Warning",
    "danger": "Danger",
}
# Components whose children are blocks.
CALLOUT_COMPONENTS = frozenset(
    {"Note", "Tip", "Info", "Warning", "Caution", "Danger", "Check", "Callout", "Admonition"}
    | {"Aside", "Important", "Hint"}
)
FOLDED = frozenset({"Accordion", "Expandable", "Collapse", "Details", "details"})
TITLED = frozenset({"TabItem", "Tab", "Step", "Card"})
TRANSPARENT = frozenset(
    {"Tabs", "Steps", "CodeGroup", "AccordionGroup", "CardGroup", "Columns", "Frame", "Grid"}
    | {"Cards", "TabGroup", "Update", "Column", "Col", "Row"}
)
BLOCKS = CALLOUT_COMPONENTS | FOLDED | TITLED | TRANSPARENT | {"summary"}
IMAGES = frozenset({"Image", "ThemedImage", "ZoomImage", "Img", "Figure"})
# What names code or an API within a sentence, in the order in which it says more.
SPOKEN = ("displayText", "object", "name", "method", "path", "filePath", "label", "text")

PYTHON = frozenset(
    {"python", "py", "python3", "ipython", "ipython3", "pycon", "doctest", "python-repl"}
)
SHELL = frozenset(
    {"bash", "sh", "shell", "zsh", "console", "shell-session", "terminal", "shellscript"}
)
BY_SUFFIX = {
    ".py": "python",
    ".sh": "bash",
    ".bash": "bash",
    ".sql": "sql",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".toml": "toml",
    ".json": "json",
    ".md": "markdown",
    ".js": "javascript",
    ".ts": "typescript",
    ".txt": "",
}
