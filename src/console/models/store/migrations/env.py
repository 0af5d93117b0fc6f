"""Alembic's entry point: migrate over the connection that the program hands in, in its own transaction."""

from alembic import context

from console.models.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
