"""Write the store of the version that is about to be released."""

import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from console.models.store import backup, schema
from console.models.store.store import Store
from tests.models.store.released import FOLDER, KEY
from tests.support.entries import BODIES, Author, named, sequenced
from wire.fold import Body

FIRST = (
    "call.entered",
    "call.flagged",
    "encounter.started",
    "assessment.started",
    "referral.offered",
    "sheet.issued",
    "service.described",
    "user.added",
    "desk.enrolled",
)
LAST = ("call.flag-withdrawn", "call.disposed", "call.reopened", "assessment.completed", "assessment.abandoned")


def example(node: inspect.Type, name: str) -> Any:
    """A plain value of a field's type."""
    match node:
        case inspect.UnionType():
            return example(node.types[0], name)
        case inspect.VarTupleType():
            return (example(node.item_type, name),)
        case inspect.DictType():
            return {"key": example(node.value_type, name)}
        case inspect.StructType():
            return {each.name: example(each.type, each.name) for each in node.fields}
        case inspect.EnumType():
            return next(iter(node.cls))
        case inspect.DateTimeType():
            return datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
        case inspect.UUIDType():
            return named("released", name)
        case inspect.BoolType():
            return True
        case inspect.IntType():
            return 1
        case inspect.FloatType():
            return 41.6
        case inspect.StrType() | inspect.AnyType():
            return f"what stands in {name} — Ω"
        case _:
            return None


def example_body(kind: type[Body]) -> Body:
    """A body of this type with every field set."""
    fields = inspect.type_info(kind)
    assert isinstance(fields, inspect.StructType)
    return msgspec.convert({each.name: example(each.type, each.name) for each in fields.fields}, kind)


def write(target: Path) -> None:
    """Make the store: every kind once on a subject of its aggregate, sequenced and not, refused, unknown, drafts."""
    with tempfile.TemporaryDirectory() as folder, Store.create(Path(folder), KEY) as store:
        here, there = Author("released"), Author("released elsewhere")
        kinds = sorted(BODIES, key=lambda kind: (kind not in FIRST, kind in LAST, kind))
        mine = [here.write(named("released", kind.partition(".")[0]), example_body(BODIES[kind])) for kind in kinds]
        theirs = [there.write(named("released elsewhere", "call"), example_body(BODIES[kind])) for kind in FIRST[:1]]
        store.append(mine)
        store.append(sequenced(theirs))
        store.append([here.derive(named("released", "derived"), example_body(BODIES["call.pictured"]))])
        store.append([here.write_text(named("released", "team"), "team.sent", '{"from":"a later version"}')])
        with store.write() as transaction:
            transaction.refuse(mine[-1].id, "for the test")
            transaction.connection.exec_driver_sql(
                "INSERT INTO draft (author, name, subject, text, saved_at) VALUES (?, 'note', NULL, 'typed', 1)",
                (here.actor.bytes,),
            )
            transaction.connection.exec_driver_sql(
                "INSERT INTO credential (user, verifier, changed_at) VALUES (?, 'a verifier', 1)", (here.actor.bytes,)
            )
        copy = Path(folder) / "copy"
        backup.backup(store, copy)
        shutil.move(copy, target)


if __name__ == "__main__":
    path = FOLDER / f"{schema.HEAD}.db"
    if path.exists():
        sys.exit(f"{path} is of a version that was released already.")
    write(path)
    path.chmod(0o644)
    print(path)  # noqa: T201
