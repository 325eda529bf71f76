"""One file a family of documents; each has `compose(rng, language) -> Manuscript`."""
