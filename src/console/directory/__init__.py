"""The directory of community services: reading a center's own file, opening hours, distance, ranking.

Pure: no screen, no database and no clock. Times come in as aware datetimes, files as bytes.
"""
