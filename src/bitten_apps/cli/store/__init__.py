"""Commands about the store: its tables, what it holds, what is stopped, and whether all is well."""
