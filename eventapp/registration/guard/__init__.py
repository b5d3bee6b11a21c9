"""Keeps simple robots out of the forms for sign-up."""
