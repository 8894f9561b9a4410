"""Onboarding: from the first contact to rank AUTHORIZED."""
