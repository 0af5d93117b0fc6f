"""Shared ground of the tests: named fakes and where the real documents are."""
