"""Pure functions from what stands there and what was read to a number."""
