"""Extensions found by their packages' entry points."""
