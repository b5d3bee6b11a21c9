"""The waiting list as the organiser reads it: every unit with the reason in words."""
