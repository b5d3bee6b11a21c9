"""The data of an event and its categories."""
