"""What people choose for themselves: consents, limits, mode, and how they are addressed."""
