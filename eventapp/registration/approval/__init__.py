"""Approval: who signed up in a category that needs it, and changes that the organiser wants to look at."""
