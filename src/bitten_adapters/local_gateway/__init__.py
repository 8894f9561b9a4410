"""A payment gateway in this process: it behaves like a real one, and no real money can be paid at it."""
