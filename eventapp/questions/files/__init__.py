"""Files that guests give as answers."""
