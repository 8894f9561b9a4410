"""Trying an erasure: persons with something distinctive in every place, and a search for what is left of them."""
