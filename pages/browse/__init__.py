"""The catalogue: find a dataset, see where it stands and why, get it."""
