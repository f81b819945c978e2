"""The JupyterLab that the browser tests work in does what a JupyterLab does."""

from __future__ import annotations

from tests.browser.lab import Lab


def test_a_cell_runs_and_its_value_is_read_on_the_page(lab: Lab) -> None:
    """A notebook opens in JupyterLab, runs in a real kernel, and shows its result."""
    lab.open_cells("1 + 1")
    lab.run_all()
    assert lab.output(0) == "2"
    assert lab.errors == []


def test_a_restarted_kernel_has_forgotten(lab: Lab) -> None:
    """A restart leaves the notebook open, with a kernel that knows no name of before."""
    lab.open_cells("x = 3", "'x' in globals()")
    lab.run_all()
    assert lab.output(1) == "True"
    lab.restart_kernel()
    lab.run_cell(1)
    assert lab.output(1) == "False"


def test_an_edited_cell_is_what_runs(lab: Lab) -> None:
    """A cell whose text is replaced runs the new text, and the saved file has it."""
    lab.open_cells("6 * 6")
    lab.set_source(0, "6 * 7")
    lab.run_cell(0)
    lab.save()
    assert lab.output(0) == "42"
    assert "6 * 7" in (lab.folder / "cells.ipynb").read_text()


def test_a_node_of_a_graph_is_clicked_where_it_is_drawn(lab: Lab) -> None:
    """A click at the place that cytoscape gives for a node reaches the node's handler in Python."""
    lab.open_cells(
        "import ipycytoscape, ipywidgets\n"
        "said = ipywidgets.Label('nothing')\n"
        "graph = ipycytoscape.CytoscapeWidget()\n"
        "graph.graph.add_graph_from_json({'nodes': [{'data': {'id': 'a'}}, {'data': {'id': 'b'}}]})\n"
        "graph.on('node', 'click', lambda node: said.set_trait('value', node['data']['id'] + '!'))\n"
        "display(graph, said)",
    )
    lab.run_cell(0)
    assert set(lab.nodes()) == {"a", "b"}
    lab.click_node("b")
    lab.outputs(0).get_by_text("b!", exact=True).wait_for()
