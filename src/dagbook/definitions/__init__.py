"""What a user declares: keys, specs, assets, ops, checks, metadata."""
