"""Histories: people who trade, learn and keep days, drawn by the thousand, to see that the game never rewards harm."""
