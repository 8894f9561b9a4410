"""Uses of people: what they confirm, what a market day came to for them, what they spend."""
