"""The list of tickets that lies on a phone at the door, so that it can decide without network."""
