"""The gold set, and how readers are scored on it."""
