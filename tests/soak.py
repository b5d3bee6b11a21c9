"""How much a test does: usual numbers in `make test`, full ones in `make soak`, which sets SOAK=full."""

import os

from hypothesis import settings

FULL = os.environ.get("SOAK") == "full"

settings.register_profile("usual", deadline=None, derandomize=True, database=None)
settings.register_profile("full", deadline=None, max_examples=2000, database=None)


def amount(usual: int, full: int) -> int:
    """Return how often or how many: `full` in the long proofs."""
    return full if FULL else usual


def load_profile() -> None:
    """Let property tests try the same examples in each usual run, and many new ones in the long proofs."""
    settings.load_profile("full" if FULL else "usual")
