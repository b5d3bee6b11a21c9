"""Limits, seats, the one lock per event and who fits."""
