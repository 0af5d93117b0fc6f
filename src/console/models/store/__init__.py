"""The encrypted store: engine, tables, migrations, and one query module per reader."""
