"""Which column holds personal data and how long it may stay."""
