"""A small event of a second organiser."""
