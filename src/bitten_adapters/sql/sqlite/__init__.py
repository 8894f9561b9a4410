"""SQLite, embedded: the store that needs nothing installed."""

from bitten_adapters.sql.sqlite.unit_of_work import SqliteUnitOfWork

__all__ = ["SqliteUnitOfWork"]
