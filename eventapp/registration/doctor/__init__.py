"""Looks after the invariants of seats and lists; `flask doctor` and the stateful tests ask it."""
