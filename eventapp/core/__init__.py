"""Knows no feature; every feature may use it."""
