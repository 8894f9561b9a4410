"""Commands about people: where they stand, what they confirm."""
