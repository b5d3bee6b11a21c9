"""Phones at the door without an account: door links with a PIN, sign-on, rights, revocation."""
