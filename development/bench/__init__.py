"""`make bench`: what things cost, each beside its own reference, in one run."""
