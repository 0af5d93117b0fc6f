"""Sheets for responders: content by audience, PDF."""
