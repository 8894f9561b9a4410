"""Use cases about recorded bars: import, check, list."""
