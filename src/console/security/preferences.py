"""Keeping what a person chose for this desk: theme, text size, printer, sound."""

from pathlib import Path

from console.off_gui import refuse_on_gui_thread
from console.security.private_files import write_private
from console.settings import USER_FILE, Loaded, as_toml, checked, load_settings, read_values


def save_preferences(home: Path, changes: dict[str, object]) -> Loaded:
    """Set each named setting in the person's own file (``None`` takes it out again), and return what is now in force.

    Raises :class:`KnownError` for a name or value that is none, and when the file cannot be read or written; then
    nothing is changed.
    """
    refuse_on_gui_thread("settings file")
    path = home / USER_FILE
    values = read_values(path)
    for name, value in changes.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = checked(name, value, "The setting")
    write_private(path, as_toml(values).encode())
    return load_settings(home)
