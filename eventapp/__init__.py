"""eventapp registers people for forums; start reading at `features.py`."""
