"""Why an asset is fresh or not."""
