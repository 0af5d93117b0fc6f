"""The regional server: it orders each journal, keeps it and hands it on, and understands no clinical content."""

__version__ = "0.1.0"
