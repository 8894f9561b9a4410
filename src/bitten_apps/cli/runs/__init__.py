"""Runs behind the commands: what they read, how they are put together, how they are told."""
