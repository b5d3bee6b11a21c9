"""Somebody else comes in a guest's place."""
