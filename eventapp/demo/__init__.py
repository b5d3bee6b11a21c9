"""The reference event, made through the services only."""
