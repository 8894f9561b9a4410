"""Ports of membership: where members pay, and what keeps their data unreadable."""
