"""The command line of the real program."""

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from console.errors import KnownError
from console.sync import joining
from console.sync.membership import Membership, new_key
from console.sync.requests import Requests
from regional.commands import main
from tests.regional.conftest import Call, Start, founded
from tests.regional.servers import ROOT, Server
from tests.support.sharing import SharingDesk
from tests.support.unprivileged import start_unprivileged
from wire.messages import Beat


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(words)
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "COMMAND"),
        (["dance"], "dance"),
        (["serve", "--listen", "0.0.0.0:0"], "plain http is for this machine only"),
        (["serve", "--listen", "[::]:0"], "plain http is for this machine only"),
        (["serve", "--listen", "example.org:80"], "plain http is for this machine only"),
        (["serve", "--listen", "nonsense"], "HOST:PORT"),
        (["serve", "--listen", "127.0.0.1:99999"], "HOST:PORT"),
        (["serve", "--tls-cert", "x.pem"], "belong together"),
        (
            ["serve", "--listen", "0.0.0.0:0", "--tls-cert", "no.pem", "--tls-key", "no.key"],
            "no.pem and no.key cannot be used: No such file or directory. They have",
        ),
        (["serve", "--database", "mysql://x"], "postgresql://"),
        (["enrol", "--center", "!!!", "--audience", "operations"], "no name of a center"),
        (["enrol", "--center", "region", "--audience", "operations"], "region"),
        (["enrol", "--center", "x", "--audience", "audit"], "audit"),
        (["status"], "no server's database"),
    ],
)
def test_wrong_use_is_one_line_and_exit_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: list[str], says: str
) -> None:
    status, out, err = run(capsys, "--home", str(tmp_path / "home"), *words)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert says in err


def test_a_database_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, _, err = run(capsys, "status", "--database", f"postgresql:///x?host={tmp_path}", "--home", str(tmp_path))
    assert (status, err.count("\n")) == (2, 1)
    assert "database cannot be reached" in err
    assert str(tmp_path) in err, "which one, and why"


def test_a_key_that_cannot_be_read_is_named_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGIONAL_SERVER_KEY_FILE", "/no/such/key")
    status, _, err = run(capsys, "enrol", "--center", "x", "--audience", "operations", "--home", str(tmp_path))
    assert (status, err) == (2, "regional-server: The key in /no/such/key cannot be read: No such file or directory.\n")


def _process(*words: str, start: tuple[str, ...] = ("-m", "regional")) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *start, *words],
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}"},
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_an_emptied_database_begins_no_new_server(tmp_path: Path) -> None:
    enrolling = ("enrol", "--center", "x", "--audience", "operations")
    assert _process(*enrolling, "--home", str(tmp_path)).returncode == 0
    file = tmp_path / "regional.db"
    held = file.read_bytes()
    file.write_bytes(b"")
    for words in (("status",), ("serve", "--listen", "127.0.0.1:0"), enrolling):
        done = _process(*words, "--home", str(tmp_path))
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"regional-server: {file} is empty")
        assert file.read_bytes() == b""
    file.write_bytes(held)
    assert "Epoch 1" in _process("status", "--home", str(tmp_path)).stdout


@pytest.mark.parametrize("dies_at", ["regional.homes._keep_private", "regional.schema.prepare", "pathlib.Path.rename"])
def test_a_first_start_that_was_cut_off_goes_on(tmp_path: Path, dies_at: str) -> None:
    words = ("enrol", "--center", "x", "--audience", "operations", "--home", str(tmp_path))
    module, _, name = dies_at.rpartition(".")
    owner = "import pathlib as module; owner = module.Path" if module == "pathlib.Path" else f"import {module} as owner"
    cut = (
        f"{owner}; import os, sys; former = owner.{name}\n"
        f"def die(*given, **more):\n"
        f"    if '{name}' == 'rename' and given[0].suffix == '.new': return former(*given)\n"  # the key's
        f"    if '{name}' == 'prepare': former(*given, **more)\n"
        f"    os._exit(9)\n"
        f"owner.{name} = die\n"
        "from regional.commands import main; sys.exit(main())"
    )
    assert _process(*words, start=("-c", cut)).returncode == 9
    assert (tmp_path / "regional.key").exists()
    again = _process(*words)
    assert again.returncode == 0, again.stderr
    assert "This is a new server" in again.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["begin.lock", "regional.db", "regional.key"]


def test_a_code_for_people_and_for_programs(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ("enrol", "--center", "North Side", "--audience", "operations", "--home", str(tmp_path))
    status, out, _ = run(capsys, *words)
    assert status == 0
    assert out.startswith("north-side/")
    assert "This is a new server: there was none here." in out
    assert str(tmp_path) in out
    assert "north-side is a new center here." in out
    status, out, _ = run(capsys, *words)
    assert "new" not in out
    mistyped = run(capsys, *words[:2], "Nort Side", *words[3:])[1]
    assert "nort-side is a new center here; so far there were north-side." in mistyped
    assert "new server" not in mistyped
    _, out, _ = run(capsys, *words, "--json")
    answer = json.loads(out)
    assert set(answer) == {"code", "center", "audience", "expires_at", "new_server", "new_center"}
    assert (answer["center"], answer["audience"]) == ("north-side", "operations")
    assert (answer["new_server"], answer["new_center"]) == (False, False)


def test_a_server_that_cannot_serve_makes_nothing(tmp_path: Path) -> None:
    home, certificate, private = tmp_path / "home", *_certificate(tmp_path)
    _, other = _certificate(tmp_path / "other")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for words, says in (
            (("--tls-cert", str(certificate), "--tls-key", str(other)), "a certificate and its own key"),
            (("--tls-cert", str(private), "--tls-key", str(private)), "a certificate and its own key"),
            (("--listen", f"127.0.0.1:{taken.getsockname()[1]}"), "cannot listen"),
        ):
            done = _process("serve", "--home", str(home), *words)
            assert (done.returncode, done.stdout) == (2, "")
            assert says in done.stderr
            assert not (home / "regional.db").exists()


def test_a_home_that_cannot_be_written_is_told_with_what_to_do(tmp_path: Path) -> None:
    home = tmp_path / "home"
    enrolling = ("enrol", "--center", "x", "--audience", "operations")
    assert _process(*enrolling, "--home", str(home)).returncode == 0
    for path, mode in ((home, 0o500), (home / "regional.db", 0o400)):
        path.chmod(mode)
        for words in (("serve", "--listen", "127.0.0.1:0"), ("status",), enrolling):
            done = _process(*words, "--home", str(home), start=start_unprivileged("regional"))
            assert (done.returncode, done.stdout) == (2, ""), words
            assert done.stderr.startswith(f"regional-server: {path} cannot be written, and the server has to. Make it")
        path.chmod(0o700)


def test_the_database_is_encrypted_with_a_key_that_only_its_owner_reads(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    words = ("status", "--home", str(home))
    run(capsys, "enrol", "--center", "canary-center", "--audience", "operations", "--home", str(home))
    key, file = home / "regional.key", home / "regional.db"
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)  # as an earlier program left it
    assert key.stat().st_mode & 0o777 == 0o600
    assert not [path for path in home.iterdir() if b"canary-center" in path.read_bytes()]
    assert run(capsys, *words)[0] == 0
    assert file.stat().st_mode & 0o777 == 0o600
    text = key.read_text()
    key.write_text("00" * 32)
    status, _, err = run(capsys, *words)
    assert (status, "cannot be opened with this key" in err) == (2, True)
    key.unlink()
    status, _, err = run(capsys, *words)
    assert (status, "is missing" in err) == (2, True)
    monkeypatch.setenv("REGIONAL_SERVER_KEY", text)
    assert run(capsys, *words)[0] == 0
    monkeypatch.setenv("REGIONAL_SERVER_KEY", "short")
    assert run(capsys, *words)[0] == 2
    monkeypatch.delenv("REGIONAL_SERVER_KEY")
    kept = tmp_path / "kept.key"
    kept.write_text(text)
    monkeypatch.setenv("REGIONAL_SERVER_KEY_FILE", str(kept))
    assert run(capsys, *words)[0] == 0
    file.write_bytes(b"SQLite format 3\0" + bytes(4_000))
    assert "plaintext" in run(capsys, *words)[2]


def test_tables_of_a_newer_version_are_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from regional.homes import open_database

    words = ("status", "--home", str(tmp_path))
    run(capsys, "enrol", "--center", "x", "--audience", "operations", "--home", str(tmp_path))
    database = open_database("", tmp_path)
    database.write(lambda work: work.run("UPDATE server SET value = '99' WHERE name = 'version'"))
    database.close()
    status, _, err = run(capsys, *words)
    assert (status, "version 99" in err) == (2, True)


def test_a_home_is_served_once(start: Start) -> None:
    server = start()
    done = subprocess.run(
        [sys.executable, "-m", "regional", "serve", "--home", str(server.home), "--listen", "127.0.0.1:0"],
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}"},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 2
    assert "serves" in done.stderr
    assert "Traceback" not in done.stderr


def test_status_says_who_is_how_far_behind(server: Server, call: Call, center: str) -> None:
    first = founded(call(server, center, "clinical"))
    second = call(server, center, "operations")
    first.push([first.entry() for _ in range(5)])
    second.hello(1, operations=second.pull(limit=2).end)
    lines = server.command("status")
    assert lines[0]["is"] == "server"
    heads = {line["journal"]: line["head"] for line in lines if line["is"] == "journal"}
    assert heads[f"{center}/operations"] == 5
    desks = {line["code"]: line for line in lines if line["is"] == "desk" and line["center"] == center}
    assert desks["A"]["audiences"] == ["operations", "clinical"]
    assert (desks["B"]["lag"], desks["B"]["program"], desks["B"]["audiences"]) == (3, "test", ["operations"])


def test_status_goes_by_what_a_desk_says_of_itself_since_its_hello(server: Server, call: Call, center: str) -> None:
    first = founded(call(server, center, "clinical"))
    first.push([first.entry() for _ in range(5)])
    for unsent, limit in ((7, 2), (0, 5)):
        desk = call(server, center, "operations")
        desk.ask("beat", Beat(1, reads={f"{center}/operations": desk.pull(limit=limit).end}, unsent=unsent), Beat)
        (line,) = [each for each in server.command("status") if each.get("desk") == str(desk.desk)]
        assert (line["unsent"], line["lag"]) == (unsent, 5 - limit)


def test_a_reader_that_has_read_enough_ends_it_quietly(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    home = ("--home", str(tmp_path))
    run(capsys, "enrol", "--center", "x", "--audience", "operations", *home)
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "regional", "status", *home],
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}"},
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=30,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def _certificate(folder: Path) -> tuple[Path, Path]:
    folder.mkdir(exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private


def test_a_network_is_served_with_the_centers_own_certificate(tmp_path: Path) -> None:
    import ssl

    import httpx

    certificate, private = _certificate(tmp_path)
    server = Server(
        tmp_path / "home", listen="0.0.0.0:0", more=("--tls-cert", str(certificate), "--tls-key", str(private))
    )
    try:
        address = server.url.replace("0.0.0.0", "127.0.0.1")
        assert address.startswith("https://")
        with httpx.Client(verify=ssl.create_default_context(cafile=str(certificate))) as client:
            assert client.get(f"{address}/health").status_code == 200
        with httpx.Client() as stranger, pytest.raises(httpx.ConnectError):
            stranger.get(f"{address}/health")
        other, _ = _certificate(tmp_path / "other")
        for authority, says in (("", r"does not trust.*--ca"), (other.read_text(), "not of the authority")):
            desk = Membership(address, new_key(), authority)
            with Requests(desk) as requests, pytest.raises(KnownError, match=says):
                requests.session(uuid4(), uuid4())
        joined = SharingDesk(tmp_path / "desk", first=True)
        joining.join(joined.store, address, server.code(), certificate.read_text())
        assert joining.join(joined.store, address, server.code()).desk_code, "it trusts whom it trusted there"
        with pytest.raises(KnownError, match=r"not of the authority.*other/cert\.pem was named"):
            joining.join_with_file(joined.store, address, server.code(), str(tmp_path / "other" / "cert.pem"))
        for wrong in (private, server.log):
            with pytest.raises(KnownError, match=rf"{wrong} is no certificate"):
                joining.look_with_file(joined.store, address, server.code(), str(wrong))
        with pytest.raises(KnownError, match=f"speaks https, and not http. Join at {address}"):
            joining.look(joined.store, address.replace("https", "http"), server.code())
        with pytest.raises(KnownError, match="not of the authority"):
            joining.join(joined.store, address, server.code(), other.read_text())
        with pytest.raises(KnownError, match="does not trust"):
            joining.join(joined.store, address.replace("127.0.0.1", "localhost"), server.code())
        joined.close()
        assert server.stop() == 0
    finally:
        server.close()
