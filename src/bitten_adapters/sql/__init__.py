"""The store in SQL: SQLite, embedded, or PostgreSQL, by one description of tables and statements."""

__all__: list[str] = []
