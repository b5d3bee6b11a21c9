"""What time and freed seats do to those who wait."""
