"""Uses of the game: what is earned and when, challenges of days, gear, the shop, boards and forecasts."""
