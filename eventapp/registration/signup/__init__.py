"""Signing up: one person or a group, one after the other or many at once."""
