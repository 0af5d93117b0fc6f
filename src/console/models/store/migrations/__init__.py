"""Alembic migrations of the store's tables. See :mod:`console.models.store.schema`."""
