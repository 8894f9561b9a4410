"""The record: what was decided, as a chain that shows any change."""
