"""Change and tell: a new day, time, place or room is shown with the number of guests concerned, then told to them."""
