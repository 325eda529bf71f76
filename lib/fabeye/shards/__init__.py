"""Pairs, tokenizer, MDS shards and how they are read back. Only this package knows Streaming and MDS."""
