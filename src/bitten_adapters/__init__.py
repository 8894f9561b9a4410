"""Adapters: one folder per technology, one file per port it serves; each is imported by its own path, lazily."""

__all__: list[str] = []
