"""Use cases: one verb a file, a frozen dataclass of ports; no rule lives here."""
