"""The magics, by what they are about: each adapts typed options to one call of the workspace."""
