"""Participants as the organiser sees them: the list, a page per person, adding and cancelling by hand."""
