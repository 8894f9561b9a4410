"""Parquet: bars kept as columnar files (extra ``parquet``)."""
