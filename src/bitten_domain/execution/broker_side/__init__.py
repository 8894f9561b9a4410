"""The broker's side of the simulated account: requests, bars, valuation."""

__all__: list[str] = []
