"""The day in numbers, for the organiser: who came where, and when."""
