"""Clinician Console: the desk of a mental-health clinician inside a 911 center."""
