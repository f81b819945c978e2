"""A look at the world: code, files, kept values."""
