"""The same forum as a coming edition, open for sign-up."""
