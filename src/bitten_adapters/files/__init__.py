"""Files: bars, calendars and swap tables that people keep as CSV, JSON or Parquet."""
