"""The log of scans: taken one by one, or many that come at the same moment together."""
