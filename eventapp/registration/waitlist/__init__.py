"""The one waiting list of an event: who moves up, and what the waiting are told."""
