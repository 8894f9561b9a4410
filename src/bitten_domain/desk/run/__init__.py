"""Runs: a desk at work on a simulated account, over recorded or growing bars."""
