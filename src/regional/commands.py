"""The command line: serve, enrol, revoke, status.

With ``--json`` each answer is a JSON line on stdout. Exit 0 done, 1 the answer is no, 2 wrong use or a bad environment,
with one line on stderr that says what and where.
"""

import argparse
import json
import os
import signal
import ssl
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from filelock import FileLock, Timeout

from regional import epochs, homes, identity, logs, schema
from regional.access import Member
from regional.clock import Clock
from regional.database import Database
from regional.errors import Away, ServerError
from regional.listening import open_socket, parse_listen, refuse_plain, tls
from regional.ordering import Submission, order
from regional.rights import RightsCache
from regional.status import look
from wire.journals import Audience

_TRY_AGAIN = "Check the disk and the permissions, then try again."
_NEW_SERVER = "This is a new server: there was none here. If there should be one, name its --home or --database."


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}. See '{self.prog} --help'.\n")


def _parser() -> argparse.ArgumentParser:
    # Named on either side of the subcommand; without a default there, so that one side does not undo the other.
    common = _Parser(add_help=False)
    common.add_argument("--home", type=Path, default=argparse.SUPPRESS, help="where the server's things lie")
    common.add_argument(
        "--database", default=argparse.SUPPRESS, metavar="URL",
        help="a PostgreSQL database; without it an encrypted file in the home",
    )  # fmt: skip
    common.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="answer with JSON lines")
    parser = _Parser(prog="regional-server", description="Shares the journals of a region's centers.", parents=[common])
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser, metavar="COMMAND")
    serving = commands.add_parser("serve", parents=[common], help="serve until a signal ends it")
    serving.add_argument("--listen", default="127.0.0.1:8811", metavar="HOST:PORT", help="port 0 takes a free one")
    serving.add_argument("--tls-cert", type=Path, metavar="FILE", help="the server's certificate, with its chain")
    serving.add_argument("--tls-key", type=Path, metavar="FILE", help="the certificate's key")
    serving.add_argument(
        "--drill", action="store_true", help="for drills alone; the server ends when its standard input does"
    )
    enrolling = commands.add_parser("enrol", parents=[common], help="make a one-time code for a desk")
    enrolling.add_argument("--center", required=True, metavar="NAME")
    enrolling.add_argument(
        "--audience", required=True, choices=[Audience.OPERATIONS.value, Audience.CLINICAL.value],
        help="what the desk may hold, whoever signs in at it",
    )  # fmt: skip
    enrolling.add_argument(
        "--share-provider", action="store_true",
        help="allow this center to name a provider whose record another center's clinicians keep",
    )  # fmt: skip
    revoking = commands.add_parser("revoke", parents=[common], help="end what a lost or stolen desk may do here")
    revoking.add_argument("--center", required=True, metavar="NAME")
    revoking.add_argument("--desk", required=True, metavar="CODE", help="its code or its id, as 'status' lists them")
    commands.add_parser("status", parents=[common], help="epoch, journals, desks")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; returns the exit status. A person never sees a traceback."""
    try:
        words = _parser().parse_args(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)
    words.json = getattr(words, "json", False)
    home: Path = getattr(words, "home", None) or homes.default_home()
    url: str = getattr(words, "database", "")
    try:
        return _COMMANDS[words.command](words, url, home)
    except Away as error:
        sys.stderr.write(f"regional-server: {error} ({' '.join(error.detail.split())})\n")
        return 2
    except ServerError as error:
        sys.stderr.write(f"regional-server: {error}\n")
        return 2
    except BrokenPipeError:  # whoever read the answer has what they wanted (| head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter tries again at its end
        return 0
    except OSError as error:
        sys.stderr.write(f"regional-server: {error.filename or home}: {error.strerror or error}. {_TRY_AGAIN}\n")
        return 2
    except KeyboardInterrupt:
        return 2


def _say(words: argparse.Namespace, answer: dict[str, Any], sentence: str) -> None:
    sys.stdout.write((json.dumps(answer, ensure_ascii=False) if words.json else sentence) + "\n")
    sys.stdout.flush()


def _opened(url: str, home: Path, clock: Clock, *, drill: bool = False) -> tuple[Database, bool]:
    """The database, ready for use, and whether it was made just now."""

    def prepare(database: Database) -> bool:
        return schema.prepare(database, clock.now(), drill=drill)

    made = not url and homes.begin(home, prepare)
    database = homes.open_database(url, home)
    return database, prepare(database) or made


def _serve(words: argparse.Namespace, url: str, home: Path) -> int:
    host, _ = parse_listen(words.listen)
    refuse_plain(host, words.tls_cert, words.tls_key)
    context = tls(words.tls_cert, words.tls_key)  # before anything is made
    logs.set_up()
    if url:
        return _listen(words, url, home, context)
    homes.prepare(home)
    try:
        with FileLock(home / "serve.lock", timeout=0):
            return _listen(words, "", home, context)
    except Timeout:
        raise ServerError(f"Another server serves {home} already. Stop it, or name another --home.") from None


def _listen(words: argparse.Namespace, url: str, home: Path, context: ssl.SSLContext | None) -> int:
    from regional.service import Service  # late: the other commands serve nothing, and start faster without
    from regional.serving import serve

    host, port = parse_listen(words.listen)
    scheme = "https" if context else "http"
    shown = f"[{host}]" if ":" in host else host
    address = url.replace("postgresql+psycopg:", "postgresql:", 1)
    clock = Clock()
    with open_socket(host, port) as listening:
        here = f"{scheme}://{shown}:{listening.getsockname()[1]}"
        database, is_new = _opened(url, home, clock, drill=words.drill)
        service = Service(database, clock)

        def say() -> None:
            answer = {"url": here, "database": database.where, "new_server": is_new}
            _say(words, answer, f"Listening on {here}, {database.where}" + (f"\n{_NEW_SERVER}" if is_new else ""))
            if words.drill:
                threading.Thread(target=_end_with_input, daemon=True).start()

        try:
            database.read(service.epochs.refresh)
            serve(service, address, listening, context, say)
        finally:
            database.close()
    return 0


def _end_with_input() -> None:
    """A drill's server is of use only to whoever started it, also where that came to no orderly end."""
    for _ in sys.stdin:
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _enrol(words: argparse.Namespace, url: str, home: Path) -> int:
    clock = Clock()
    database, is_new = _opened(url, home, clock)
    try:
        code = database.write(
            lambda work: identity.make_code(
                work, clock, words.center, Audience(words.audience), share_provider=words.share_provider
            )
        )
        listed = database.read(lambda work: work.rows("SELECT center FROM center ORDER BY center"))
    finally:
        database.close()
    others = ", ".join(center for (center,) in listed if center != code.center)
    until = datetime.fromtimestamp(code.expires_at / 1_000_000, UTC).isoformat(timespec="minutes")
    answer: dict[str, Any] = {
        "code": code.code,
        "center": code.center,
        "audience": code.audience.value,
        "expires_at": until,
    }
    answer |= {"new_server": is_new, "new_center": code.new_center}
    said = [code.code, f"Good once, until {until}: clinician-console sync join URL {code.code}"]
    if is_new:
        said.append(f"{_NEW_SERVER} It stands in {database.where}.")
    if code.new_center:
        said.append(
            f"{code.center} is a new center here{f'; so far there were {others}' if others else ''}. If you meant "
            "another one, give this code to nobody."
        )
    _say(words, answer, "\n".join(said))
    return 0


def _in_use(url: str, home: Path, clock: Clock) -> Database:
    if not url and not (home / homes.DATABASE).exists():
        raise ServerError(f"There is no server's database in {home}. Name the right --home, or --database.")
    return _opened(url, home, clock)[0]


def _revoke(words: argparse.Namespace, url: str, home: Path) -> int:
    clock = Clock()
    database = _in_use(url, home, clock)
    try:
        done = database.write(lambda work: identity.revoke(work, clock, words.center, words.desk))
        any_desk = Member(done.center, done.desk, done.desk, False, 0)
        database.write(lambda work: order(work, RightsCache(), [Submission(any_desk, ())], clock.now()))
    finally:
        database.close()
    answer = {"center": done.center, "desk": str(done.desk), "code": done.code, "sessions": done.sessions}
    sentence = (
        f"Desk {done.code} of {done.center} is revoked: its sessions have ended, an open connection ends within "
        "seconds. Codes of this center that nobody used yet are void. It may join again with a new one."
    )
    _say(words, answer, sentence)
    return 0


def _status(words: argparse.Namespace, url: str, home: Path) -> int:
    database = _in_use(url, home, Clock())
    try:
        found = database.read(lambda work: look(work, epochs.current(work)))
    finally:
        database.close()
    for answer, sentence in found:
        _say(words, answer, sentence)
    return 0


_COMMANDS: dict[str, Callable[[argparse.Namespace, str, Path], int]] = {
    "serve": _serve,
    "enrol": _enrol,
    "revoke": _revoke,
    "status": _status,
}
