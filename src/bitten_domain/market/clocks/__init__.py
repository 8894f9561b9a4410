"""Clocks: local wall clocks, the FX week, trading sessions."""
