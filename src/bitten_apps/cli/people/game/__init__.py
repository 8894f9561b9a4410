"""Commands of the game: achievements, challenges, gear, the shop, boards and forecasts."""
