"""Promises about what members were given and paid."""
