"""Faces and wiring: the command line, the settings, the container, the testkit."""

__all__: list[str] = []
