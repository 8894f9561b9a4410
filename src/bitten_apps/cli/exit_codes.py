"""Exit codes: what a script may rely on."""

__all__ = ["BAD_INPUT", "DEFECT", "DONE", "INTERRUPTED", "PROBLEMS", "UNAVAILABLE"]

DONE = 0
"""It did what was asked."""

PROBLEMS = 1
"""It ran and found problems, such as rows it had to leave out."""

BAD_INPUT = 2
"""An option, a setting or a file cannot be used; the message says which and how to mend it."""

UNAVAILABLE = 3
"""Something it depends on does not answer; the same command may succeed later."""

DEFECT = 70
"""A defect of this program (EX_SOFTWARE of sysexits.h)."""

INTERRUPTED = 130
"""Ended by Ctrl-C (128 and the signal's number)."""
