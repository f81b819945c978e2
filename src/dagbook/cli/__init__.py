"""The command line: what `dagbook` does in a terminal."""
