"""One reader per screen or command: checks what the sign-in may see, returns frozen dataclasses."""
