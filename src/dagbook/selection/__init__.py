"""The selection language: text to tree, tree and graph to keys."""
