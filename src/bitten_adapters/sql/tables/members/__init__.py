"""Members: what they were given and paid, and what they let be done with their data."""
