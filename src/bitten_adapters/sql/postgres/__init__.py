"""PostgreSQL: the store that several processes share."""

from bitten_adapters.sql.postgres.unit_of_work import PostgresUnitOfWork

__all__ = ["PostgresUnitOfWork"]
