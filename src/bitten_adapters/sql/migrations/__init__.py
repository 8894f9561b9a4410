"""Migrations: how a store's tables came to be, step by step, up and down."""

__all__: list[str] = []
