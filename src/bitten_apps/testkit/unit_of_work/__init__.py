"""The contract of the unit of work in parts: a module for each group of promises, and records to try them with."""

__all__: list[str] = []
