"""What a run did, as figures, as one-line views for notebooks, and as one page to forward."""
