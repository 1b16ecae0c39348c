"""Share: what one's organisation has in the catalogue, and registering a dataset of its own."""
