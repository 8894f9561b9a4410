"""Ports of the game: what there is to earn and to wear."""
