"""A crowd: many workers in several real processes at the limits of few accounts, on a real database."""
