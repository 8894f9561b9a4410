"""The fire protocol: an order from a wish to its deals, exactly once."""
