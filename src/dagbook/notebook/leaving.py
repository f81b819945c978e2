"""What a cell defined before and, run with another text, defines no more: it leaves the graph."""

from __future__ import annotations

from dagbook.definitions.keys import AssetCheckKey
from dagbook.notebook.face import Face
from dagbook.notebook.session import AnyKey


def defined_no_more(face: Face) -> list[str]:
    """Let go of what the cell that just ended defined with another text; says so.

    What it took from a module stays as long as its code names it: importing a definition once more
    defines nothing anew.
    """
    session, cell_id = face.session, face.cell_id
    before = session.defined_in(cell_id)
    if cell_id is None or not (before and session.was_edited(cell_id)):
        return []
    taken = face.taken_again()
    gone = [key for key in before if _is_written_in(face, key, cell_id) or key not in taken]
    session.note_text(cell_id)
    if not gone:
        return []
    session.workspace.forget(*gone)
    session.forget_cell(gone)
    them = "it" if len(gone) == 1 else "them"
    named = ", ".join(f"`{key}`" for key in gone)
    return [f"{named} left the graph: this cell no longer defines {them}."]


def _is_written_in(face: Face, key: AnyKey, cell_id: str) -> bool:
    graph = face.workspace.graph
    node = graph.checks[key] if isinstance(key, AssetCheckKey) else graph.nodes[key]
    return node.definition is not None and node.definition.origin.cell_id == cell_id
