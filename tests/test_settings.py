"""Settings: which file decides, what is refused and where, and where the program's own files are."""

import logging
import os
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console import off_gui, settings
from console.errors import BugError, KnownError
from console.security.preferences import save_preferences
from console.settings import Loaded, Provenance, Settings, Source, as_toml, default_home, load_settings, resources

ME = os.getuid() if hasattr(os, "getuid") else 0


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    (tmp_path / "etc").mkdir(mode=0o755)
    (tmp_path / "etc").chmod(0o755)
    return tmp_path / "etc"


def put(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o644)


def test_nothing_configured(home: Path, machine: Path) -> None:
    loaded = load_settings(home, machine=machine, owner=ME)
    assert loaded.settings == Settings()
    assert set(loaded.provenance) == set(Settings.__struct_fields__)
    assert all(origin == Provenance(Source.DEFAULT) and not origin.locked for origin in loaded.provenance.values())


@pytest.mark.parametrize(
    ("set_in", "decides"),
    [
        ((), Source.DEFAULT),
        ((Source.USER,), Source.USER),
        ((Source.SITE,), Source.SITE),
        ((Source.POLICY,), Source.POLICY),
        ((Source.USER, Source.SITE), Source.SITE),
        ((Source.USER, Source.POLICY), Source.POLICY),
        ((Source.SITE, Source.POLICY), Source.POLICY),
        ((Source.USER, Source.SITE, Source.POLICY), Source.POLICY),
    ],
)
def test_policy_over_site_over_user(set_in: tuple[Source, ...], decides: Source, home: Path, machine: Path) -> None:
    where = {
        Source.USER: home / "config.toml",
        Source.SITE: machine / "site.toml",
        Source.POLICY: machine / "policy.toml",
    }
    for source in set_in:
        put(where[source], f'printer = "{source}"\n')
    loaded = load_settings(home, machine=machine, owner=ME)
    assert loaded.settings.printer == ("" if decides is Source.DEFAULT else decides)
    origin = loaded.provenance["printer"]
    assert (origin.source, origin.file) == (decides, where.get(decides))
    assert origin.locked == (decides in (Source.SITE, Source.POLICY))
    assert loaded.provenance["theme"].source is Source.DEFAULT


def test_values_from_three_files_together(home: Path, machine: Path) -> None:
    put(machine / "policy.toml", "passphrase_allowed = false\n")
    put(machine / "site.toml", 'cad_profile = "seattle-2015"\nprinter = "Desk 4"\n')
    put(home / "config.toml", 'theme = "high-contrast"\ntext_scale = 2\nsound = false\nprinter = "Mine"\n')
    assert load_settings(home, machine=machine, owner=ME).settings == Settings(
        passphrase_allowed=False,
        cad_profile="seattle-2015",
        printer="Desk 4",
        theme="high-contrast",
        text_scale=2.0,
        sound=False,
    )


@pytest.mark.skipif(os.name != "posix", reason="owners and modes of files")
@pytest.mark.parametrize("weakness", ["owner", "file", "folder"])
@pytest.mark.parametrize("name", ["policy.toml", "site.toml"])
def test_a_machine_file_that_a_user_can_write_is_left_out_and_said(
    weakness: str, name: str, home: Path, machine: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    put(machine / name, 'theme = "dark"\n')
    if weakness == "file":
        (machine / name).chmod(0o664)
    if weakness == "folder":
        machine.chmod(0o777)
    loaded = load_settings(home, machine=machine, owner=ME + 1 if weakness == "owner" else ME)
    assert loaded.settings.theme == "auto"
    assert loaded.ignored == (machine / name,)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@pytest.mark.skipif(os.name != "posix", reason="owners and modes of files")
def test_a_users_link_to_a_trusted_file_is_judged_by_its_folder(
    home: Path, machine: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    put(tmp_path / "real.toml", 'theme = "dark"\n')
    (machine / "policy.toml").symlink_to(tmp_path / "real.toml")
    assert load_settings(home, machine=machine, owner=ME).settings.theme == "dark"
    machine.chmod(0o777)
    assert load_settings(home, machine=machine, owner=ME).settings.theme == "auto"
    (tmp_path / "real.toml").unlink()
    assert load_settings(home, machine=machine, owner=ME).ignored == (machine / "policy.toml",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("theme = \n", "line 1, column 9"),
        ('sound = true\n\ntheme = "dark', "not valid TOML"),
        ('sound = true\n# note\ntheme = "pink"\n', "line 3: theme cannot be 'pink'"),
        ("sound = 1\n", "line 1: sound cannot be 1"),
        ("\ntext_scale = 9.5\n", "line 2: text_scale cannot be 9.5"),
        ("text_scale = nan\n", "text_scale cannot be nan"),
        ('printer = "a\\nb"\n', "line 1: printer cannot be"),
        ('cad_profile = "../etc"\n', "line 1: cad_profile"),
        ('colour = "red"\n', "line 1: there is no setting “colour”"),
        ("sound = true\n[theme]\nname = 1\n", "line 2: theme cannot be"),
        ('sound = true\n"theme" = 3\n', "line 2: theme cannot be 3"),
        ("sound = true\nsound = false\n", "not valid TOML"),
    ],
)
@pytest.mark.parametrize("file", ["config.toml", "policy.toml"])
def test_a_wrong_file_is_named_with_its_line(text: str, says: str, file: str, home: Path, machine: Path) -> None:
    path = (home if file == "config.toml" else machine) / file
    put(path, text)
    with pytest.raises(KnownError) as caught:
        load_settings(home, machine=machine, owner=ME)
    assert str(path) in caught.value.message
    assert says in caught.value.message
    assert "\n" not in caught.value.message


def test_not_text_too_large_and_unreadable(home: Path, machine: Path) -> None:
    path = home / "config.toml"
    path.write_bytes(b"sound = true\nprinter = '\xff'\n")
    with pytest.raises(KnownError, match="line 2: not UTF-8"):
        load_settings(home, machine=machine, owner=ME)
    path.write_bytes(b"#" * 70_000)
    with pytest.raises(KnownError, match="larger than"):
        load_settings(home, machine=machine, owner=ME)
    path.unlink()
    path.mkdir()
    with pytest.raises(KnownError, match="cannot be read"):
        load_settings(home, machine=machine, owner=ME)


def test_saving_keeps_the_rest_and_makes_a_private_file(home: Path) -> None:
    put(home / "config.toml", 'theme = "dark"\nsound = false\n')
    loaded = save_preferences(home, {"printer": 'Büro "3" \\ 2', "text_scale": 1.25, "sound": None})
    assert isinstance(loaded, Loaded)
    assert loaded.settings == Settings(theme="dark", printer='Büro "3" \\ 2', text_scale=1.25)
    assert load_settings(home).settings == loaded.settings
    assert stat.S_IMODE((home / "config.toml").stat().st_mode) == 0o600


def test_saving_something_wrong_changes_nothing(home: Path) -> None:
    put(home / "config.toml", 'theme = "dark"\n')
    for name, value in (("theme", "pink"), ("colour", "red"), ("printer", "a\nb")):
        with pytest.raises(KnownError, match=r"^The setting: "):
            save_preferences(home, {"sound": False, name: value})
    assert (home / "config.toml").read_text() == 'theme = "dark"\n'


def test_saving_refuses_the_gui_thread(home: Path) -> None:
    off_gui.mark_gui_thread(threading.get_ident())
    try:
        with pytest.raises(BugError, match="GUI thread"):
            save_preferences(home, {"sound": False})
    finally:
        off_gui.mark_gui_thread(None)


@given(
    printer=st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=60),
    scale=st.floats(0.8, 2.5),
    sound=st.booleans(),
)
def test_what_is_written_reads_back(printer: str, scale: float, sound: bool) -> None:
    import tomllib

    values = {"printer": printer, "text_scale": scale, "sound": sound}
    for name, value in values.items():
        assert settings.checked(name, value, "x") == value
    assert tomllib.loads(as_toml(values)) == values


def test_default_home_is_the_persons_own_and_local() -> None:
    assert default_home().name == "clinician-console"
    assert default_home().is_relative_to(Path.home())


def test_resources_of_a_checkout_and_of_an_installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (resources() / "passwords" / "common.txt").is_file()
    monkeypatch.setattr(settings, "files", lambda package: tmp_path / package)
    (tmp_path / "console" / "resources").mkdir(parents=True)
    assert resources() == tmp_path / "console" / "resources"
    monkeypatch.setattr(settings, "files", lambda package: tmp_path / "gone")
    monkeypatch.setattr(settings, "__file__", str(tmp_path / "a" / "b" / "c" / "settings.py"))
    with pytest.raises(KnownError, match="Install Clinician Console again"):
        resources()
