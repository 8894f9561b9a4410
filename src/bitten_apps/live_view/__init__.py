"""The terminal's live view of a run: what it keeps, and how it draws it on a screen or tells it in lines."""
