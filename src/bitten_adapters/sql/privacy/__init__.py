"""What privacy asks of a database beyond transactions: all of one person, and nothing of what was deleted."""
