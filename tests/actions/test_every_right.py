"""Every public action and query, asked by every role, by somebody disabled and by a stranger."""

import importlib
import inspect
import pkgutil
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from uuid import UUID

import pytest

import console.actions
import console.queries
from console.actions import assessments, calls, encounters, flags, instruments, people
from console.actions.calls import Disposal
from console.actions.directory import import_services
from console.directory.csv_import import OWN, service_id
from console.errors import NotAllowed
from console.models.assessment import AssessmentCompleted, AssessmentStarted, FrozenAlert
from console.models.call import CallFlagSuggested, RollUp
from console.models.sign_in import SignIn
from console.models.store import people as kept
from console.models.store.desk import Desk
from console.models.store.engine import DATABASE
from console.security import passwords
from tests.actions.rights import ACTIONS, ALL, NOBODY_IS_ASKED, PASSWORD, QUERIES, Doing, Ids, asq, copy
from tests.support.desk import Cad, another_desk, entry_count, founded_home, open_desk, person
from tests.support.entries import Author, named
from tests.support.passwords import CHEAP
from wire.envelope import micros
from wire.permissions import Role

BY_MARK = {
    "D": "dispatcher",
    "C": "clinician",
    "S": "supervisor",
    "X": "clinical supervisor",
    "A": "only administrator",
    "U": "auditor",
}
CLINICAL = ("clinician", "clinical supervisor")
SECRET = "only the provider may read this"
TABLE: dict[str, tuple[str, Doing]] = {
    **{f"actions.{name}": row for name, row in ACTIONS.items()},
    **{f"queries.{name}": row for name, row in QUERIES.items()},
}


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", CHEAP)


# -- the situation -----------------------------------------------------------------------------------------------------


@cache
def prepared() -> tuple[Path, dict[str, Ids]]:
    """A store in which each action has something to act on, and what that is for each person."""
    home = founded_home(Path.home() / "every-right-store")
    desk = open_desk(home)
    dispatcher, other = person("second dispatcher"), person("second clinician")
    cad = Cad(desk)
    found: Ids = {each: cad.call(f"26-{n}") for n, each in enumerate(("call", "flagged", "claimed", "disposed"), 1)}
    found |= {"suggested": cad.call("26-5"), "printed": cad.call("26-6"), "somebody": other.user}
    found["lost"] = another_desk(desk)
    flags.flag(desk, dispatcher, found["flagged"], "suicidal")
    encounters.claim_and_begin(desk, other, found["claimed"])
    (found["advice"],) = calls.advise(desk, other, found["claimed"], ("phone",)).entries
    encounters.claim_and_begin(desk, other, found["disposed"])
    encounters.dispose_and_end(desk, other, found["disposed"], Disposal("not-behavioral", RollUp.DIVERTED))
    suggestion = CallFlagSuggested("words", "goodbye", desk.clock.now())
    desk.store.append([Author("rule", center="northside").derive(found["suggested"], suggestion)])
    copy(desk, dispatcher, found["printed"])
    file = home / "services.csv"
    file.write_text("id,name,phone,needs,hours\nold,Old House,555-0100,shelter,24/7\n", encoding="utf-8")
    import_services(desk, person("only administrator"), file)
    found["service"] = service_id(OWN, "old")
    instruments.withdraw(desk, person("only administrator"), "phq-9", "to be offered again")
    own = {name: found | _own(desk, cad, person(name), found["service"]) for name in CLINICAL}
    verifier = passwords.hash_password(PASSWORD, name="x")
    with desk.store.write() as transaction:
        for name in BY_MARK.values():
            kept.keep_verifier(transaction.connection, person(name).user, verifier, micros(desk.clock.now()))
    desk.store.close()
    # Who has no encounter of their own tries that of the clinician.
    return home / DATABASE, {name: own.get(name, own["clinician"]) for name in BY_MARK.values()}


def _own(desk: Desk, cad: Cad, who: SignIn, service: UUID) -> Ids:
    """What only the person who has it may act on."""
    mine = cad.call(f"own {who.name}")
    (encounter,) = encounters.claim_and_begin(desk, who, mine).of("encounter")
    quiet, _ = encounters.start(desk, who, "transferred")
    ended, _ = encounters.start(desk, who, "transferred")
    encounters.close(desk, who, ended)
    (note,) = encounters.note(desk, who, encounter, SECRET).entries
    encounters.state_fact(desk, who, encounter, "name", SECRET, "caller")
    assessment, _ = assessments.begin(desk, who, encounter, asq())
    referral, _ = encounters.offer_service(desk, who, encounter, service)
    alerted, author = named("alerted", who.name), Author(f"alerted {who.name}", center="lakeside")
    bodies = (
        AssessmentStarted(desk.clock.now(), encounter, "asq", "1", "abc"),
        AssessmentCompleted(desk.clock.now(), {"authored": "2026-11-21T22:00:00Z"}, (), (FrozenAlert(SECRET),)),
    )
    desk.store.append([author.write(alerted, body, actor=who.user) for body in bodies])
    return {
        "mine": mine,
        "encounter": encounter,
        "quiet": quiet,
        "ended": ended,
        "note": note,
        "assessment": assessment,
        "referral": referral,
        "alerted": alerted,
    }


class Desks:
    """Desks on copies of the prepared store: what one person does is not there for the next."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: list[Desk] = []

    def new(self) -> Desk:
        home = self._folder / f"desk-{len(self._made)}"
        home.mkdir(mode=0o700)
        shutil.copy(prepared()[0], home)
        self._made.append(open_desk(home))
        return self._made[-1]

    def close(self) -> None:
        for desk in self._made:
            desk.store.close()


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Desks]:
    made = Desks(tmp_path)
    yield made
    made.close()


def ids_of(name: str) -> Ids:
    return prepared()[1][name]


# -- the walk ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLE)
def test_who_may_can_and_who_may_not_is_refused(desks: Desks, tmp_path: Path, name: str) -> None:
    marks, doing = TABLE[name]
    shared = desks.new()
    before = entry_count(shared.store)
    refused = [who for mark, who in zip(marks.split(), BY_MARK.values(), strict=True) if mark == "."]
    for who in refused:
        with pytest.raises(NotAllowed):
            doing(shared, person(who), ids_of(who), tmp_path)
    assert entry_count(shared.store) == before
    for mark, who in BY_MARK.items():
        if mark not in marks:
            continue
        desk = desks.new() if name.startswith("actions.") else shared
        answer = doing(desk, person(who), ids_of(who), tmp_path)
        if who not in CLINICAL:
            assert SECRET not in repr(answer)
        if name.startswith("actions.") and name != "actions.drafts.keep":
            assert entry_count(desk.store) > before, who


@pytest.mark.parametrize("name", TABLE)
def test_who_was_disabled_and_who_is_nobody_here_gets_nothing(desks: Desks, tmp_path: Path, name: str) -> None:
    marks, doing = TABLE[name]
    desk = desks.new()
    who = BY_MARK[next(mark for mark in marks.split() if mark != ".")]
    people.set_enabled(desk, person("administrator"), person(who).user, False)
    stranger = SignIn(named("stranger"), "stranger", "Stranger", frozenset(Role))
    before = entry_count(desk.store)
    with pytest.raises(NotAllowed, match="may no longer sign in here"):
        doing(desk, person(who), ids_of(who), tmp_path)
    with pytest.raises(NotAllowed):
        doing(desk, stranger, ids_of(who), tmp_path)
    assert entry_count(desk.store) == before


@pytest.mark.parametrize("name", [name for name, (marks, _) in TABLE.items() if marks != ALL])
def test_a_role_that_was_taken_away_meanwhile_is_gone(desks: Desks, tmp_path: Path, name: str) -> None:
    marks, doing = TABLE[name]
    desk = desks.new()
    who = BY_MARK[next(mark for mark in marks.split() if mark != ".")]
    people.set_roles(desk, person("administrator"), person(who).user, (Role.AUDITOR,))
    before = entry_count(desk.store)
    with pytest.raises(NotAllowed):
        doing(desk, person(who), ids_of(who), tmp_path)
    assert entry_count(desk.store) == before


def test_nobody_works_in_a_colleagues_encounter(desks: Desks, tmp_path: Path) -> None:
    desk = desks.new()
    for name, (marks, doing) in ACTIONS.items():
        if marks == ". C . X . ." and name.startswith(("assessments.", "encounters.")) and "begin" not in name:
            if name in ("encounters.start", "encounters.dispose_and_end", "assessments.export"):
                continue
            with pytest.raises(NotAllowed, match="Clinician"):
                doing(desk, person("second clinician"), ids_of("clinician"), tmp_path)


def test_every_action_and_query_is_in_the_table() -> None:
    """A new one without a row fails here, so that nobody forgets to decide who may."""
    asks = {"desk", "sign_in", "act", "connection", "store", "home"}
    found = {"actions.homes.drill_desk"}  # takes none of these: it makes a desk
    for package in (console.actions, console.queries):
        for module in pkgutil.iter_modules(package.__path__):
            loaded = importlib.import_module(f"{package.__name__}.{module.name}")
            for name, function in inspect.getmembers(loaded, inspect.isfunction):
                public = function.__module__ == loaded.__name__ and not name.startswith("_")
                if public and asks & set(inspect.signature(function).parameters):
                    found.add(f"{package.__name__.removeprefix('console.')}.{module.name}.{name}")
    assert found == TABLE.keys() | NOBODY_IS_ASKED.keys()
    assert not TABLE.keys() & NOBODY_IS_ASKED.keys()
