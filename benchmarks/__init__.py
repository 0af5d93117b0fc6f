"""What the product costs, each measurement beside its floor in the same run. See ``python -m benchmarks --help``."""
