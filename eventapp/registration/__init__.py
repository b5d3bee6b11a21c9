"""The heart: sign-up, waiting list, the guest's page and own calendar."""
