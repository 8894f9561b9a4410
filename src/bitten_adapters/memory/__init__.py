"""A store in memory: transactions that keep everything or nothing, for simulations, tests and throw-away desks."""

__all__: list[str] = []
