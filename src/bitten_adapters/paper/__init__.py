"""Paper trading: a broker of our own, with a durable ledger."""

__all__: list[str] = []
