"""Code, QR, state and PDF of a ticket."""
