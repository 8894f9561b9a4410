"""Settling: an account's books, worked forward by what the broker says and did."""
