"""CAD sources turned into call entries."""
