"""What is true: aggregates, journal and, in store, where they are kept."""
