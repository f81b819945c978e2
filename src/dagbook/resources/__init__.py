"""Resources of runs: what bodies use besides assets, made for a run and cleared up after it."""
