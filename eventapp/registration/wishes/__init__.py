"""Wishes of confirmed guests for an item that is full: they keep what they have until the other seat is theirs."""
