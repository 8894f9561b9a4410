"""Recorded time."""
