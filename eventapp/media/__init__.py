"""Pictures: checked, re-encoded without metadata, stored and served."""
