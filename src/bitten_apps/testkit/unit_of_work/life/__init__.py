"""A store's life: a machine that takes steps on a store and on a small model of it."""

__all__: list[str] = []
