"""How much of what matters can be read off frozen features: probes, retrieval, and what damage does to them."""
