"""A list of guests to invite, from a file: read, shown, and sent only after a look at it."""
