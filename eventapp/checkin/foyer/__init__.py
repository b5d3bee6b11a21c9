"""A screen for the foyer, behind a link of its own."""
