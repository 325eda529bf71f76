"""Label Studio out and back, and the gold set."""
