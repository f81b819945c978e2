"""From statuses and a selection to what will run."""
