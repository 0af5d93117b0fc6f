"""How a store comes into being: beside its name, complete, and only then under it.

A crash or a full disk in the middle leaves a home without a store, which can be set up again.
"""

from pathlib import Path

from console.models.aggregates import understood
from console.models.store import engine as engines
from console.models.store import schema
from console.models.store.files import make_private, put_in_place, remove_database, unfinished_name
from wire.envelope import uuid7


def make(path: Path, key: bytes, *, drill: bool) -> None:
    """Make an empty store at ``path``, which must be free. Raises the driver's errors and OSError."""
    unfinished = unfinished_name(path)
    remove_database(unfinished)
    try:
        make_private(unfinished)
        connection = engines.connect(unfinished, key)
        try:
            engines.keep_log(connection)
        finally:
            connection.close()
        engine = engines.make_engine(unfinished, key, writer=True)
        try:
            with engine.begin() as connection:
                schema.upgrade(connection)
                device = str(uuid7())
                facts = {
                    "device": device,
                    "enrolment": device,
                    "drill": "yes" if drill else "no",
                    "understood": understood(),
                }
                connection.exec_driver_sql("INSERT INTO home (name, value) VALUES (?, ?)", list(facts.items()))
        finally:
            engine.dispose()  # the last connection: the write-ahead log is folded in and removed
        engines.refuse_plaintext(unfinished)
        put_in_place(unfinished, path)
    finally:
        remove_database(unfinished)
