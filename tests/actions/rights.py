"""Every action and every query there is, with who may: the table that tests/actions/test_every_right.py walks.

A row is the name, then one mark a role: D dispatcher, C clinician, S supervisor, X clinical supervisor,
A administrator, U auditor, "." for those who may not.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from console.actions import (
    assessments,
    audits,
    calls,
    directory,
    drafts,
    encounters,
    flags,
    instruments,
    people,
    sheets,
)
from console.actions.calls import Disposal
from console.directory.rank import Wanted
from console.forms.library import Form, shipped
from console.models.call import Level, RollUp
from console.models.sheet import sheet_subject
from console.models.sign_in import SignIn
from console.models.store.desk import Desk
from console.queries import advice, alarms, board, desks, finding, listing, sheet, status, workspace
from console.queries import directory as searching
from console.queries import drafts as left
from console.queries import instruments as managed
from console.queries import people as listed
from tests.support.own_forms import PERMIT, package, write
from wire.permissions import Role

Ids = dict[str, UUID]
Doing = Callable[[Desk, SignIn, Ids, Path], Any]
PASSWORD, NEW_PASSWORD = "quilt-harvest-91", "lantern-orchard-71"
FLOOR, CLINIC, DISPATCH, ADMIN, ALL = "D C S X . .", ". C . X . .", "D . S . . .", ". . . . A .", "D C S X A U"


@cache
def asq() -> Form:
    """The shortest of the shipped instruments."""
    return shipped().forms["asq"]


def copy(desk: Desk, who: SignIn, call: UUID) -> sheets.Copied:
    """A copy of the sheet of a call, handed to nobody."""
    return sheets.copy_sheet(
        desk,
        who,
        call,
        sheet_subject(call),
        lambda connection: sheet.make_sheet(desk, who, connection, call).sheet,
        lambda pdf, title: "job 1",
        to="front desk",
    )


def _import(desk: Desk, who: SignIn, ids: Ids, folder: Path) -> object:
    file = folder / "services.csv"
    file.write_text("id,name,phone,needs,hours\nnew,New House,555-0101,shelter,24/7\n", encoding="utf-8")
    return directory.import_services(desk, who, file)


def _make_sheet(desk: Desk, who: SignIn, ids: Ids, folder: Path) -> object:
    with desk.store.read() as connection:
        return sheet.make_sheet(desk, who, connection, ids["call"])


ACTIONS: dict[str, tuple[str, Doing]] = {
    "assessments.abandon": (CLINIC, lambda d, w, i, _: assessments.abandon(d, w, i["assessment"], "r")),
    "assessments.acknowledge_alert": (CLINIC, lambda d, w, i, _: assessments.acknowledge_alert(d, w, i["alerted"])),
    "assessments.amend": (CLINIC, lambda d, w, i, _: assessments.amend(d, w, i["alerted"], "r")),
    "assessments.answer": (
        CLINIC,
        lambda d, w, i, _: assessments.answer(d, w, i["assessment"], asq(), "asq-1", (True,)),
    ),
    "assessments.begin": (CLINIC, lambda d, w, i, _: assessments.begin(d, w, i["encounter"], asq())),
    "assessments.export": (CLINIC, lambda d, w, i, _: assessments.export(d, w, i["alerted"], lambda *_: asq())),
    "assessments.complete": (CLINIC, lambda d, w, i, _: assessments.complete(d, w, i["assessment"], asq())),
    "audits.record": (ALL, lambda d, w, i, _: audits.record(d, w, "journal.exported")),
    "calls.acknowledge_advice": (
        DISPATCH,
        lambda d, w, i, _: calls.acknowledge_advice(d, w, i["claimed"], i["advice"]),
    ),
    "calls.acknowledge_alarm": (FLOOR, lambda d, w, i, _: calls.acknowledge_alarm(d, w, i["call"], "unclaimed:x")),
    "calls.advise": (CLINIC, lambda d, w, i, _: calls.advise(d, w, i["mine"], ("phone",))),
    "calls.confirm_responders": (FLOOR, lambda d, w, i, _: calls.confirm_responders(d, w, i["call"], "P12")),
    "calls.contact": (CLINIC, lambda d, w, i, _: calls.contact(d, w, i["mine"], "live")),
    "calls.level": (CLINIC, lambda d, w, i, _: calls.level(d, w, i["mine"], Level.LOW, "r")),
    "calls.line": (FLOOR, lambda d, w, i, _: calls.line(d, w, i["call"], "dropped")),
    "calls.message": (FLOOR, lambda d, w, i, _: calls.message(d, w, i["call"], "hello")),
    "calls.record_outcome": (FLOOR, lambda d, w, i, _: calls.record_outcome(d, w, i["call"], "home", "officer")),
    "calls.release": (CLINIC, lambda d, w, i, _: calls.release(d, w, i["mine"], "r")),
    "calls.reopen": (FLOOR, lambda d, w, i, _: calls.reopen(d, w, i["disposed"], "r")),
    "calls.screen": (FLOOR, lambda d, w, i, _: calls.screen(d, w, i["call"], {}, "eligible")),
    "calls.state_fact": (FLOOR, lambda d, w, i, _: calls.state_fact(d, w, i["call"], "animals", "a dog", "caller")),
    "directory.import_services": (". . S X A .", _import),
    "directory.note_service": ("D C S X A .", lambda d, w, i, _: directory.note_service(d, w, i["service"], "kind")),
    "drafts.keep": (ALL, lambda d, w, i, _: drafts.keep(d, w, "note", "half a li")),
    "encounters.amend_note": (CLINIC, lambda d, w, i, _: encounters.amend_note(d, w, i["encounter"], i["note"], "x")),
    "encounters.answer_referral": (
        CLINIC,
        lambda d, w, i, _: encounters.answer_referral(d, w, i["referral"], "accepted"),
    ),
    "encounters.bind": (CLINIC, lambda d, w, i, _: encounters.bind(d, w, i["encounter"], i["call"])),
    "encounters.claim_and_begin": (CLINIC, lambda d, w, i, _: encounters.claim_and_begin(d, w, i["flagged"])),
    "encounters.close": (CLINIC, lambda d, w, i, _: encounters.close(d, w, i["quiet"])),
    "encounters.dispose_and_end": (
        CLINIC,
        lambda d, w, i, _: encounters.dispose_and_end(d, w, i["mine"], Disposal("not-behavioral", RollUp.DIVERTED)),
    ),
    "encounters.note": (CLINIC, lambda d, w, i, _: encounters.note(d, w, i["encounter"], "x")),
    "encounters.begin_and_offer": (
        CLINIC,
        lambda d, w, i, _: encounters.begin_and_offer(d, w, i["call"], i["service"]),
    ),
    "encounters.judge_match": (
        CLINIC,
        lambda d, w, i, _: encounters.judge_match(d, w, i["encounter"], i["call"], True),
    ),
    "encounters.offer_service": (
        CLINIC,
        lambda d, w, i, _: encounters.offer_service(d, w, i["encounter"], i["service"]),
    ),
    "encounters.resume": (CLINIC, lambda d, w, i, _: encounters.resume(d, w, i["ended"])),
    "encounters.start": (CLINIC, lambda d, w, i, _: encounters.start(d, w, "transferred")),
    "encounters.state_fact": (
        CLINIC,
        lambda d, w, i, _: encounters.state_fact(d, w, i["encounter"], "name", "Jo", "caller"),
    ),
    "encounters.take_over_and_begin": (
        CLINIC,
        lambda d, w, i, _: encounters.take_over_and_begin(d, w, i["claimed"], "r"),
    ),
    "encounters.withdraw_referral": (CLINIC, lambda d, w, i, _: encounters.withdraw_referral(d, w, i["referral"])),
    "flags.dismiss_suggestion": (FLOOR, lambda d, w, i, _: flags.dismiss_suggestion(d, w, i["suggested"])),
    "flags.enter_call": (FLOOR, lambda d, w, i, _: flags.enter_call(d, w, "9", "X", "Y")),
    "flags.flag": (FLOOR, lambda d, w, i, _: flags.flag(d, w, i["call"], "suicidal")),
    "flags.officer_waiting": (FLOOR, lambda d, w, i, _: flags.officer_waiting(d, w, i["call"], True)),
    "flags.take_fallback": (FLOOR, lambda d, w, i, _: flags.take_fallback(d, w, i["flagged"], "CIT officer")),
    "flags.withdraw_flag": (FLOOR, lambda d, w, i, _: flags.withdraw_flag(d, w, i["flagged"], "r")),
    "instruments.import_form": (
        ADMIN,
        lambda d, w, i, f: instruments.import_form(d, w, package(f), "calm-down", PERMIT),
    ),
    "instruments.offer": (ADMIN, lambda d, w, i, _: instruments.offer(d, w, "phq-9")),
    "instruments.permit": (ADMIN, lambda d, w, i, _: instruments.permit(d, w, "asq", PERMIT)),
    "instruments.require_training": (ADMIN, lambda d, w, i, _: instruments.require_training(d, w, "asq", True)),
    "instruments.set_trained": (ADMIN, lambda d, w, i, _: instruments.set_trained(d, w, "asq", [i["somebody"]])),
    "instruments.withdraw": (ADMIN, lambda d, w, i, _: instruments.withdraw(d, w, "asq", "r")),
    "people.add_person": (ADMIN, lambda d, w, i, _: people.add_person(d, w, "may", PASSWORD, (Role.CLINICIAN,))),
    "people.change_own_password": (ALL, lambda d, w, i, _: people.change_own_password(d, w, PASSWORD, NEW_PASSWORD)),
    "people.describe_desk": (ADMIN, lambda d, w, i, _: people.describe_desk(d, w, "Position 4", "555-0100")),
    "people.retire_desk": (ADMIN, lambda d, w, i, _: people.retire_desk(d, w, i["lost"])),
    "people.set_enabled": (ADMIN, lambda d, w, i, _: people.set_enabled(d, w, i["somebody"], False)),
    "people.set_password": (ADMIN, lambda d, w, i, _: people.set_password(d, w, i["somebody"], NEW_PASSWORD)),
    "people.set_roles": (ADMIN, lambda d, w, i, _: people.set_roles(d, w, i["somebody"], (Role.AUDITOR,))),
    "people.set_settings": (ADMIN, lambda d, w, i, _: people.set_settings(d, w, {"fallback": "Sergeant"})),
    "sheets.copy_sheet": (FLOOR, lambda d, w, i, _: copy(d, w, i["call"])),
    "sheets.read_back": (FLOOR, lambda d, w, i, _: sheets.read_back(d, w, sheet_subject(i["printed"]), 1, "P12")),
}

QUERIES: dict[str, tuple[str, Doing]] = {
    "advice.waiting_advice": (FLOOR, lambda d, w, i, _: advice.waiting_advice(d, w)),
    "alarms.alarms": (FLOOR, lambda d, w, i, _: alarms.alarms(d, w, board.NO_SOURCE)),
    "board.board": (FLOOR, lambda d, w, i, _: [board.board(d, w, view) for view in board.View]),
    "desks.desks": (ALL, lambda d, w, i, _: desks.desks(d, w)),
    "directory.call_place": (FLOOR, lambda d, w, i, _: searching.call_place(d, w, i["call"])),
    "directory.contents": (ALL, lambda d, w, i, _: searching.contents(d, w)),
    "directory.search": (ALL, lambda d, w, i, _: searching.search(d, w, Wanted("house"))),
    "drafts.draft": (ALL, lambda d, w, i, _: left.draft(d, w, "note")),
    "finding.call_by_number": (FLOOR, lambda d, w, i, _: finding.call_by_number(d, w, "26-1")),
    "instruments.instruments": (ALL, lambda d, w, i, _: managed.instruments(d, w)),
    "instruments.preview": (ADMIN, lambda d, w, i, f: managed.preview(d, w, write(f))),
    "listing.call_line": (FLOOR, lambda d, w, i, _: listing.call_line(d, w, i["mine"])),
    "listing.call_lines": (FLOOR, lambda d, w, i, _: list(listing.call_lines(d, w, "all"))),
    "listing.whole_call": (FLOOR, lambda d, w, i, _: listing.whole_call(d, w, i["mine"])),
    "people.everyone": (ALL, lambda d, w, i, _: listed.everyone(d, w)),
    "sheet.make_sheet": (FLOOR, _make_sheet),
    "sheet.sheet_page": (FLOOR, lambda d, w, i, _: sheet.sheet_page(d, w, i["mine"])),
    "status.desk_status": (ALL, lambda d, w, i, _: status.desk_status(d, w)),
    "workspace.open_encounters": (ALL, lambda d, w, i, _: workspace.open_encounters(d, w)),
    "workspace.workspace": (FLOOR, lambda d, w, i, _: workspace.workspace(d, w, i["mine"], i["encounter"])),
    "workspace.workspace_for": (FLOOR, lambda d, w, i, _: workspace.workspace_for(d, w, i["mine"])),
}

NOBODY_IS_ASKED = {
    "actions.acting.acting": "what every action stands in: it checks the person, each entry is checked as it is added",
    "actions.calls.claim_within": "part of an act",
    "actions.calls.dispose_within": "part of an act",
    "actions.calls.take_over_within": "part of an act",
    "actions.drills.cast": "founds a drill's own store, which is thrown away",
    "actions.encounters.own_encounter": "part of an act",
    "actions.encounters.resume_within": "part of an act",
    "actions.homes.drill_desk": "a store of its own",
    "actions.homes.desk_of": "opens what was opened already",
    "actions.drills.members": "the cast of a drill",
    "actions.homes.holds_nothing": "before anybody can sign in: whether there is anything at all",
    "actions.homes.found_home": "nobody is there yet",
    "actions.homes.joining_store": "the code of the server's operator says who may",
    "actions.homes.is_new": "before anybody can sign in",
    "actions.homes.open_desk": "before anybody can sign in: whoever holds the key",
    "actions.homes.open_store": "before anybody can sign in: whoever holds the key",
    "actions.homes.throw_away": "a drill's store",
    "actions.instruments.refuse_unoffered": "part of an act",
    "actions.people.found": "nobody is there yet; refused where somebody is",
    "actions.people.is_founded": "before anybody can sign in",
    "actions.people.sign_in": "it is how somebody comes to be known",
    "queries.center.center_of": "the center's lists, which hold nobody's words; read before sign-in",
    "queries.center.desk_state": "what sheets say of the desk",
    "queries.center.read_center": "the center's lists, read before sign-in",
    "queries.center.unreadable_settings": "names of settings",
    "queries.earlier.earlier": "part of the page; it tells nothing to who may not read the clinical record",
    "queries.library.askable": "part of the page, behind its check",
    "queries.library.library_of": "forms, which hold nobody's words",
    "queries.library.read_shelf": "forms, which hold nobody's words",
    "queries.library.shelf_of": "forms, which hold nobody's words",
    "queries.listing.lacks": "a day, and nobody's words",
    "queries.lost.lost_claims": "part of the board and the page, behind their check",
    "queries.pending.pending": "part of the board and the page, behind their check",
    "queries.reading.reader": "the check itself",
}
"""Public functions that take a desk, a store or an act and ask nobody's right, and why that is so."""
