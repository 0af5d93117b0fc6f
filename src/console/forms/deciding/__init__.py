"""Which lines of a form stand and are asked, and what its formulas fill in, for the answers given so far."""
