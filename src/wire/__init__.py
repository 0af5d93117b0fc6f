"""What every end of Clinician Console must agree on: entries and their bytes, roles and what they may write.

Nothing here knows a screen, a database or a network.
"""
