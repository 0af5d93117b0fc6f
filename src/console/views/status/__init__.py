"""What works here and what does not: CAD, server, store, key, printer, sound."""
