"""Settings of this workstation: what they are, which file decides each, and where the program's own folders are.

Three TOML files, highest first: the machine's policy and the site's settings in :data:`MACHINE_FOLDER`, and the
person's own in the home. A value found higher wins, and the ones below it have no effect. The two machine files count
only where no ordinary user can write them; otherwise anyone at the desk could make policy.

What a whole center shares (its ladders, lists and texts) is not here: that is journaled.
"""

import json
import logging
import os
import re
import stat
import sys
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

import msgspec
import platformdirs

from console.errors import KnownError

MACHINE_FOLDER: Final = Path("/etc/clinician-console")
POLICY_FILE: Final = "policy.toml"
SITE_FILE: Final = "site.toml"
USER_FILE: Final = "config.toml"
_LARGEST: Final = 64 * 1024
_ROOT: Final = 0

_log = logging.getLogger(__name__)

_OneLine = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$", description="one line of text")]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What can be set. The defaults are those of a workstation nobody has configured."""

    printer: _OneLine = ""
    """Name of the printer for sheets, as the system lists it; empty when none was chosen."""
    theme: Literal["auto", "light", "dark", "high-contrast"] = "auto"
    """``auto`` follows the desktop."""
    text_scale: Annotated[float, msgspec.Meta(ge=0.8, le=2.5)] = 1.0
    """Factor on every text size."""
    sound: bool = True
    """Whether cautions sound. Alarms always do, where there is a sound device."""
    passphrase_allowed: bool = True
    """Whether a new home may seal its key under a passphrase where there is no key store."""
    cad_profile: Annotated[str, msgspec.Meta(max_length=80, pattern=r"^[a-z0-9-]*$")] = ""
    """Name of the site profile by which an export of this desk's CAD is read; empty when none was chosen."""
    keep_all_calls: bool = False
    """Whether this desk, one for reports, drops no calls whatever the center's horizon is."""


class Source(StrEnum):
    """Who decided a value."""

    POLICY = "policy"
    SITE = "site"
    USER = "user"
    DEFAULT = "default"


class Provenance(msgspec.Struct, frozen=True):
    """Which file decided a value; ``file`` is ``None`` for a default."""

    source: Source
    file: Path | None = None

    @property
    def locked(self) -> bool:
        """Whether the person at this desk cannot change it."""
        return self.source in (Source.POLICY, Source.SITE)


class Loaded(msgspec.Struct, frozen=True):
    """The settings in force, where each came from, and machine files that were left out because a user can write
    them."""

    settings: Settings
    provenance: Mapping[str, Provenance]
    ignored: tuple[Path, ...] = ()


def load_settings(home: Path, *, machine: Path | None = None, owner: int = _ROOT) -> Loaded:
    """Read the three files. A missing file sets nothing.

    ``machine`` is the folder of the machine's files (:data:`MACHINE_FOLDER`, except on Windows, where there is none)
    and ``owner`` the user id that must own it and them.

    Raises :class:`KnownError` naming file and line for a file that is not TOML, an unknown name or a wrong value.
    """
    if machine is None and sys.platform != "win32":
        machine = MACHINE_FOLDER
    layers: list[tuple[Source, Path, dict[str, Any]]] = []
    ignored: list[Path] = []
    for source, name in ((Source.POLICY, POLICY_FILE), (Source.SITE, SITE_FILE)):
        if machine is None:
            continue
        path = machine / name
        if not os.path.lexists(path):
            continue
        if not _only_owner_writes(path, owner):
            ignored.append(path)
            _log.warning("a machine settings file was ignored: it or its folder can be written by a user")
            continue
        layers.append((source, path, read_values(path)))
    layers.append((Source.USER, home / USER_FILE, read_values(home / USER_FILE)))

    values: dict[str, Any] = {}
    provenance = {name: Provenance(Source.DEFAULT) for name in Settings.__struct_fields__}
    for source, path, found in reversed(layers):
        values |= found
        provenance |= dict.fromkeys(found, Provenance(source, path))
    return Loaded(Settings(**values), MappingProxyType(provenance), tuple(ignored))


def read_values(path: Path) -> dict[str, Any]:
    """The valid settings in one file; empty where there is no file. Raises :class:`KnownError` as above."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise KnownError(
            f"The settings file {path} cannot be read ({error.strerror}). Correct its permissions, then start again."
        ) from error
    if len(data) > _LARGEST:
        raise KnownError(f"{path} is larger than {_LARGEST} bytes, so it is no settings file. Move it away.")
    try:
        text = data.decode()
        values = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise KnownError(f"{path}, line {line}: not UTF-8 text. Save the file as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise KnownError(f"{path} is not valid TOML: {error}. Correct the file, then start again.") from error
    return {name: checked(name, value, f"{path}, line {_line_of(name, text)}") for name, value in values.items()}


def checked(name: str, value: object, where: str) -> Any:
    """``value`` as the setting ``name`` holds it. Raises :class:`KnownError`, beginning with ``where``."""
    types = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    if name not in types:
        raise KnownError(f"{where}: there is no setting “{name}”. The settings are: {', '.join(types)}.")
    try:
        return msgspec.convert(value, types[name])
    except msgspec.ValidationError as error:
        raise KnownError(f"{where}: {name} cannot be {_shown(value)}. {error}.") from error


def as_toml(values: Mapping[str, Any]) -> str:
    """The text of a settings file that holds ``values`` (already :func:`checked`)."""
    # A JSON string, number or boolean is also a TOML one, as long as text beyond ASCII is not escaped.
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items()]
    return (
        "# Settings of Clinician Console for this desk. Written by the program; it keeps what is set here.\n"
        + "".join(lines)
    )


def default_home() -> Path:
    """Where this desk's data lives unless ``--home`` says otherwise: the person's local data folder."""
    return platformdirs.user_data_path("clinician-console", appauthor=False, roaming=False)


def resources() -> Path:
    """The folder of shipped assets: inside the installed package, or beside ``src`` in a checkout.

    Raises :class:`KnownError` when it is in neither place.
    """
    places = (Path(str(files("console") / "resources")), Path(__file__).resolve().parents[2] / "resources")
    for place in places:
        if place.is_dir():
            return place
    raise KnownError(f"The program's own files are missing ({places[0]}). Install Clinician Console again.")


def _only_owner_writes(path: Path, owner: int) -> bool:
    """Whether ``owner`` alone can change the file or put another in its place."""
    return all(
        status.st_uid == owner and not stat.S_IMODE(status.st_mode) & 0o022
        for status in (path.parent.stat(), path.stat() if path.exists() else path.lstat())
    )


def _line_of(name: str, text: str) -> int:
    """The line on which a top-level name is set; 1 when it is written in a way this does not look for."""
    quoted = re.escape(name)
    found = re.search(rf"""^[ \t]*\[*[ \t]*(["']?){quoted}\1[ \t]*[=.\]]""", text, re.MULTILINE)
    return text[: found.start()].count("\n") + 1 if found else 1


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:39] + "…"
