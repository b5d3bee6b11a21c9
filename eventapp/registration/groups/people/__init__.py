"""What is asked of each person of a group."""
