"""Personal invitations: from the organiser to one guest, used once."""
