"""People and roles: who can sign in here, and as what."""
