"""The game and the trade: values, rules, ports and use cases. No I/O, no clock, no randomness, no environment."""

__all__: list[str] = []
