"""Community services: import and export, opening hours, ranking."""
