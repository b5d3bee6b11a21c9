"""Practising at the door: answers that count for nothing."""
