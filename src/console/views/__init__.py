"""Qt widgets, item models and delegates, one package per screen."""
