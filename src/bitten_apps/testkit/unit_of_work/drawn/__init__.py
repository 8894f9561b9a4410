"""Hypothesis strategies for every record a store keeps."""

__all__: list[str] = []
