"""Self check-in: a scanner that guests use themselves, locked to that one purpose."""
