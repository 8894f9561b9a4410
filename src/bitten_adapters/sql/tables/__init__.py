"""The tables: one module a concern. `METADATA` knows all of them once this package is imported."""

from bitten_adapters.sql.tables import accounts, books, fires, housekeeping, messages, news, people, record, signals
from bitten_adapters.sql.tables.described import METADATA
from bitten_adapters.sql.tables.earned import education, game, progression
from bitten_adapters.sql.tables.members import membership, onboarding, privacy

__all__ = [
    "METADATA",
    "accounts",
    "books",
    "education",
    "fires",
    "game",
    "housekeeping",
    "membership",
    "messages",
    "news",
    "onboarding",
    "people",
    "privacy",
    "progression",
    "record",
    "signals",
]
