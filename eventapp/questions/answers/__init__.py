"""Answers to own questions: read, checked, kept, shown."""
