"""Entrances, devices, scans: the door."""
