"""Measures the hot paths as ratios against floors, on SQLite and Postgres: `make bench`."""
