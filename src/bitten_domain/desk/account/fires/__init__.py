"""Fires of an account: the facts a decision may know, and what one transaction writes of an approved one."""
