"""The mail log: what went to whom, and what became of it."""
