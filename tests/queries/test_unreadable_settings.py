"""A setting that cannot be read stops no screen: something readable stands in for it, and it is said which does."""

import json

import pytest

from console.actions import people
from console.actions.acting import acting
from console.models.sign_in import SignIn
from console.models.store import settled
from console.models.store.desk import Desk
from console.queries.alarms import alarms
from console.queries.board import NO_SOURCE, View, board
from console.queries.center import read_center, unreadable_settings
from console.queries.status import desk_status
from console.queries.workspace import workspace
from tests.support.desk import Cad
from tests.support.entries import Author
from wire.journals import derived_id


def put(desk: Desk, name: str, body: str, *, version: int = 1) -> None:
    """An entry about a setting that no action of this program would write."""
    with desk.store.read() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM entry").scalar_one()
    author = Author(f"elsewhere {count}", center="northside")
    setting = derived_id("setting", desk.center, name)
    desk.store.append([author.write_text(setting, "setting.set", body, version=version)])


def said(name: str, value: object) -> str:
    return json.dumps({"at": "2026-11-21T22:00:00Z", "name": name, "value": value})


BROKEN = {
    "another shape": ("limits", said("limits", {"unclaimed_caution": 5}), 1, "limits: unclaimed_alarm, contact_"),
    "another type": ("fallback", said("fallback", 7), 1, "fallback takes words in quotes, not 7"),
    "nobody could work with it": ("send", said("send", []), 1, "send is empty"),
    "a newer body": ("levels", said("levels", {"grave": "x"}), 2, "a newer version of Clinician Console wrote it"),
    "no body at all": ("handling", "{}", 1, "its body is broken"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_every_screen_works_with_what_the_program_ships(
    desk: Desk, cad: Cad, clinician: SignIn, dispatcher: SignIn, what: str
) -> None:
    name, body, version, why = BROKEN[what]
    call, before = cad.call("1"), read_center(desk)
    assert unreadable_settings(desk) == ()
    put(desk, name, body, version=version)
    assert read_center(desk) == before
    assert [row.number for row in board(desk, dispatcher, View.OPEN).rows] == ["1"]
    assert alarms(desk, dispatcher, NO_SOURCE) == ()
    assert workspace(desk, clinician, call).center == before
    with acting(desk, dispatcher) as act:
        assert act.center == before
    (found,) = unreadable_settings(desk)
    assert (found.name, found.instead) == (name, "what the program ships with counts")
    assert found.why.startswith(why)
    (listed,) = (each for each in desk_status(desk, dispatcher).attention if each.kind == "setting")
    assert listed.reason == found.says
    assert found.says.startswith(f"the setting {name} cannot be read: {why}")


@pytest.mark.parametrize("what", BROKEN)
def test_what_the_center_said_before_counts_where_it_can_be_read(desk: Desk, administrator: SignIn, what: str) -> None:
    own = {
        "limits": {
            "unclaimed_caution": 5,
            "unclaimed_alarm": 6,
            "contact_caution": 7,
            "cad_stale": 8,
            "suggestion_hours": 9,
        },
        "fallback": "Sergeant",
        "send": [{"code": "phone", "label": "Phone only"}],
        "levels": dict.fromkeys(("critical", "high", "medium", "low"), "our words"),
        "handling": "Our line.",
    }
    people.set_settings(desk, administrator, own)
    before = read_center(desk)
    assert before.fallback == "Sergeant"
    name, body, version, _ = BROKEN[what]
    put(desk, name, body, version=version)
    assert read_center(desk) == before
    (found,) = unreadable_settings(desk)
    assert (found.name, found.instead) == (name, "what it said before counts")


def test_a_setting_that_only_a_newer_program_knows_is_left_alone(desk: Desk) -> None:
    before = read_center(desk)
    put(desk, "coverage", said("coverage", {"night": "nobody"}))
    assert read_center(desk) == before
    (found,) = unreadable_settings(desk)
    assert (found.name, found.instead) == ("coverage", "it is left alone")
    assert "no setting of a center" in found.why


def test_an_unreadable_setting_does_not_keep_others_from_being_set_and_is_mended_by_setting_it(
    desk: Desk, administrator: SignIn
) -> None:
    put(desk, "limits", said("limits", {}))
    people.set_settings(desk, administrator, {"fallback": "Sergeant"})
    assert read_center(desk).fallback == "Sergeant"
    assert [each.name for each in unreadable_settings(desk)] == ["limits"]
    shipped = desk.defaults["limits"]
    people.set_settings(desk, administrator, {"limits": shipped})
    assert unreadable_settings(desk) == ()


def test_the_journal_alone_says_which_settings_cannot_be_read(desk: Desk) -> None:
    put(desk, "limits", said("limits", {}))
    put(desk, "handling", said("handling", "Our line."))
    with desk.store.read() as connection:
        everything = settled.subjects_anywhere(connection)
        assert derived_id("setting", desk.center, "limits") in everything
        found = settled.unreadable(connection, desk.defaults, everything)
    assert [each.name for each in found] == ["limits"]
