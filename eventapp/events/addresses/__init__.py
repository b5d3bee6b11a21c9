"""The address of an event: one that nobody else has or had, kept for ever once it was given."""
