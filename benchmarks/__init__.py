"""What the product costs, beside its peers: `python -m benchmarks [--quick] [NAME...]`."""
