"""Colleagues: who has which role, and invitations by mail."""
