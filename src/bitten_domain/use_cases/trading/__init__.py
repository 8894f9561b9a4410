"""Use cases of trading."""
