"""People who sign in, organisers, roles and permissions."""
