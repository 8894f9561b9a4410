"""The console as a messenger."""
