"""Commands of those who operate the platform."""
