"""Lists and exports: participants as CSV, the paper list for the door."""
