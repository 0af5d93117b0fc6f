"""Push, pull, live stream and back-off between this desk and a regional server."""
