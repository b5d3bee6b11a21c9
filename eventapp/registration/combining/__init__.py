"""Combining: sign-ups that come at the same moment share one transaction."""
