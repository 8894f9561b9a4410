"""The runtime: the loops of a trading operations centre, under one supervisor."""
