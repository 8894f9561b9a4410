"""Analytics: what signals, trades and a run came to, with intervals by market day."""
