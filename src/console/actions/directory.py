"""What people do with the directory: import the center's own services, note what they know of one."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from msgspec.structs import replace

from console.actions import lengths
from console.actions.acting import Act, acting, words
from console.directory.csv_import import OWN, Imported, read_services, service_id
from console.directory.csv_table import MOST_BYTES
from console.errors import KnownError
from console.models.changes import Changes
from console.models.service import SERVICE, ServiceClosed, ServiceDescribed, ServiceNoted
from console.models.sign_in import SignIn
from console.models.store import subjects
from console.models.store.desk import Desk
from wire.fold import Body

NOT_IN_FILE = "no longer in the center's own file"


@dataclass(frozen=True, slots=True)
class ImportDone:
    """What an import did: how many services it added, updated, left as they were and closed.

    ``imported`` is the file as it was read, with its messages by line. ``not_closed`` counts services that the file
    does not name and that stay open all the same; ``not_closed_because`` is the sentence that says why, "" when there
    are none. ``reopened`` are among the updated.
    """

    imported: Imported
    added: int
    updated: int
    reopened: int
    unchanged: int
    closed: int
    not_closed: int
    not_closed_because: str
    changes: Changes


def import_services(desk: Desk, sign_in: SignIn, path: Path) -> ImportDone:
    """Make the center's own services what the CSV file at ``path`` says, stored as a whole.

    Services are known again by their id in the file; unchanged ones make no entry; what the file no longer names is
    closed; local notes stay. While a refused row may be anybody's, or no service here is in the file at all, nothing
    is closed. Raises :class:`KnownError` when the file cannot be read as a whole, NotAllowed without
    the right to describe services; then nothing has changed.
    """
    sign_in.require_write(ServiceDescribed.KIND)
    sign_in.require_write(ServiceClosed.KIND)
    data = _read(path)
    imported = read_services(data, desk.clock.now(), file=path.name, time_zone=desk.zone_name)
    added = updated = reopened = unchanged = 0
    with acting(desk, sign_in) as act:
        known = {
            service: state
            for service, state in subjects.every(act.connection, SERVICE).items()
            if state.described.source == OWN
        }
        for described in imported.services:
            service = service_id(OWN, described.source_key)
            state = known.pop(service, None)
            if state is None:
                added += 1
            elif state.closed:
                reopened += 1
                updated += 1
            elif replace(described, at=state.described.at) == state.described:
                unchanged += 1
                continue
            else:
                updated += 1
            _add(act, service, described)
        missing = [
            service
            for service, state in known.items()
            if not state.closed and state.described.source_key not in imported.refused_keys
        ]
        because = _why_not_to_close(imported, path.name, met=bool(updated or unchanged)) if missing else ""
        if not because:
            for service in missing:
                _add(act, service, ServiceClosed(act.now, NOT_IN_FILE))
    closed, not_closed = (0, len(missing)) if because else (len(missing), 0)
    return ImportDone(imported, added, updated, reopened, unchanged, closed, not_closed, because, act.changes)


def _add(act: Act, service: UUID, body: Body) -> None:
    """Each service is an act of its own: one of thousands of entries would be more than a server takes at once."""
    act.begin_another()
    act.add(service, body)


def _why_not_to_close(imported: Imported, file: str, *, met: bool) -> str:
    """Why services that the file does not name stay open; "" when they are to be closed."""
    if not imported.all_keys_known:
        return f"a refused row of {file} may be theirs: mend it and import again"
    if not met:
        # A list of something else, picked by mistake, would otherwise empty the directory in the middle of a shift.
        return f"{file} names none of the services that were here: if it is meant to replace them, import it again"
    return ""


def note_service(desk: Desk, sign_in: SignIn, service: UUID, text: str) -> Changes:
    """Say what this desk knows of a service. Imports never take it away."""
    with acting(desk, sign_in) as act:
        act.state(SERVICE, service, "service")
        act.add(service, ServiceNoted(act.now, words(text, "The note", most=lengths.SERVICE_NOTE)))
    return act.changes


def _read(path: Path) -> bytes:
    if path.is_dir():
        raise KnownError(f"{path} is a folder. Name the CSV file in it.")
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise KnownError(f"There is no file {path}. Check the name and the folder.") from None
    except OSError as error:
        raise KnownError(f"{path} cannot be read: {error.strerror or error}.") from error
