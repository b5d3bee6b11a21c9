"""Signing in, the forgotten password and the own account."""
