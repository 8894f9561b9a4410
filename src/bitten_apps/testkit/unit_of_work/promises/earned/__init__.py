"""Promises about what people earn."""
