"""Organisers with their legal texts, and the people who sign in."""
