"""The only way out: mails as rows written with the use case, and their delivery."""
