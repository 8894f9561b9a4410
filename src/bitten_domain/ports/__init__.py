"""Ports: what the domain asks of the outside, in its own words."""
