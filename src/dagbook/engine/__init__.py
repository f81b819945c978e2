"""The workspace behind every face: graph, log, values and settings together."""
