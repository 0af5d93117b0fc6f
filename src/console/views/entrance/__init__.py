"""What stands before the work: opening the home, setting it up, unlocking it, signing in."""
