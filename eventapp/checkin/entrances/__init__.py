"""The doors of an event: add, rename, remove."""
