"""Admissions while the holder was inside: both sides of the story, and what was done about it."""
