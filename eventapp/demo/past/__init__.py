"""The reference event as it was on 4 December 2025: sign-ups and scans."""
