"""Where values are kept, and how they are handed over."""
