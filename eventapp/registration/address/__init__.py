"""Confirming the e-mail address of a registration."""
