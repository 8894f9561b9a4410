"""What people can ask for about their data: a copy of it, and its erasure."""
