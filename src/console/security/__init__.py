"""Keys, password hashing, redaction."""
