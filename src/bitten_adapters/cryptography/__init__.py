"""Cryptography: signatures by the `cryptography` package."""

__all__: list[str] = []
