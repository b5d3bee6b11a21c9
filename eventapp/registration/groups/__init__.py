"""Groups: one person registers several in one go, and keeps an eye on all of them on one page."""
