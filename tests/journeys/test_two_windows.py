"""Two people at one desk in one drill: what one of them does is on the other's screen, and what CAD does on both."""

from datetime import UTC, datetime
from uuid import UUID

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.feeds.drill import DrillSource
from console.feeds.scenario import load_scenario
from console.models.call import CallPictured, Level
from console.models.call_state import CallState
from console.queries.board import BoardRow
from console.views.strip import StripWindow
from console.views.widgets import Watermark
from tests.support.sitting import Person, Sitting, playing_a_drill

SEED = 82
"""In this drill a welfare check comes in after three seconds, and seven seconds later it is a suicidal person."""
BEFORE, AFTER = "Welfare check", "Suicidal person"
WORDS = "neighbor says he gave his dog away"


def test_what_one_does_the_other_sees(qtbot: QtBot, qapp: QApplication) -> None:
    number = number_of_the_call()
    with playing_a_drill(qtbot, qapp, seed=SEED) as (sitting, people):
        clinician, dispatcher = sitting.first(), sitting.work_of(people.dispatcher)
        bar = sitting.program.strips[0].window
        strip = Person(sitting, bar)
        for window in (clinician.window, dispatcher.window, bar):
            assert any(mark.isVisible() for mark in window.findChildren(Watermark)), "a drill says so everywhere"

        dispatcher.press("3")
        dispatcher.until(lambda: row(dispatcher, number), "the call to come in")
        flag_on_the_strip(strip, number)
        clinician.until(lambda: flag_of(clinician, number) == (WORDS, BEFORE), "the flag in the other window")
        flagged = row(clinician, number)
        assert flagged is not None
        call = flagged.call

        clinician.choose(call)
        clinician.press("F3")
        clinician.until(lambda: clinician.workspace.work.encounter is not None, "the claim and its encounter")
        dispatcher.until(lambda: owner(dispatcher, number) == "R. Okafor", "who has it, in the other window")
        dispatcher.press("1")
        dispatcher.until(lambda: row(dispatcher, number), "the flagged calls")
        dispatcher.choose(call)
        dispatcher.press("Return")
        dispatcher.until(lambda: dispatcher.workspace.work.call == call, "the call, opened beside the board")

        say(clinician, "Is anybody with him?")
        dispatcher.until(lambda: said(dispatcher) == ["Is anybody with him?"], "what the clinician says")
        say(dispatcher, "Neighbor at the door, no answer")
        both = ["Is anybody with him?", "Neighbor at the door, no answer"]
        clinician.until(lambda: said(clinician) == said(dispatcher) == both, "what the dispatcher says")

        the_level_rises(sitting, clinician, dispatcher, strip, bar, call)
        the_line_drops(clinician, dispatcher, number)
        cad_changes_the_type(clinician, dispatcher, number)
        clinician.press("Alt+8", "1")
        clinician.go_to("Confirmed")
        clinician.press("2")
        clinician.go_to("Reason why not confirmed")
        clinician.type("Hung up, units have him in sight")
        clinician.press("Ctrl+Return")
        dispatcher.until(lambda: call in dispatcher.board.model.gone, "the row to say that the call left")
        dispatcher.until(lambda: page(dispatcher).disposition is not None, "the disposition, in the other window")
        dispatcher.press("Ctrl+W", "N")
        dispatcher.until(lambda: row(dispatcher, number) is None, "the call to leave the flagged ones")
        assert sitting.call(call).disposition is not None


# -- what they do ------------------------------------------------------------------------------------------------------


def flag_on_the_strip(strip: Person, number: str) -> None:
    strip.press("F2")
    strip.type(number)
    strip.press("Return", "3", "Tab")
    strip.type(WORDS)
    strip.press("Return")


def say(person: Person, words: str) -> None:
    person.press("Alt+T")
    person.type(words)
    person.press("Return")


def the_level_rises(
    sitting: Sitting, clinician: Person, dispatcher: Person, strip: Person, bar: StripWindow, call: UUID
) -> None:
    for key, level in (("3", Level.MEDIUM), ("2", Level.HIGH)):
        clinician.press("Alt+4", key)
        clinician.go_to("Reason for the level")
        clinician.type(f"as it stands, {level}")
        clinician.press("Ctrl+Return")
        clinician.until(lambda level=level: page(clinician).level is level, f"the level {level}")
    alarms = dispatcher.board.alarms.model
    dispatcher.until(lambda: any("raised to HIGH" in alarm.detail for alarm in alarms.rows), "the alarm on the board")
    assert not any("raised" in alarm.detail for alarm in clinician.board.alarms.model.rows), "it is her own"
    # Others may ring before it: the one key takes them one after the other, the gravest and oldest first.
    strip.until(lambda: "Acknowledge" in alarm_button(bar), "the alarm on the strip")
    for _ in range(8):
        waiting = alarm_button(bar)
        strip.press("F9")
        strip.until(lambda waiting=waiting: alarm_button(bar) != waiting, "the alarm to be acknowledged")
        if any(key.startswith("rise:") for key in sitting.call(call).acknowledged):
            break
    else:
        raise AssertionError("the rise was never acknowledged on the strip")
    dispatcher.until(
        lambda: [alarm.acknowledged_by for alarm in alarms.rows if "raised" in alarm.detail] == ["D. Lang"],
        "who acknowledged it, on the board",
    )


def the_line_drops(clinician: Person, dispatcher: Person, number: str) -> None:
    clinician.press("F6", "1")
    clinician.until(lambda: page(clinician).line == "on", "the contact")
    clinician.press("F8")
    clinician.until(lambda: page(clinician).line == "dropped", "the line to be dropped")
    dispatcher.until(lambda: dropped(dispatcher, number), "the dropped line in the other window")


def cad_changes_the_type(clinician: Person, dispatcher: Person, number: str) -> None:
    dispatcher.until(lambda: type_of(dispatcher, number) == (BEFORE, AFTER), "the new type on the board")
    change = f"type: {BEFORE} → {AFTER}"
    for person in (clinician, dispatcher):
        side = person.workspace.frame.cad.said
        person.until(lambda side=side: any(line.text == change for line in side.lines), "the new type in the workspace")
    alarms = dispatcher.board.alarms.model
    dispatcher.until(lambda: any("CAD changed" in alarm.detail for alarm in alarms.rows), "the alert for it")


# -- what they see -----------------------------------------------------------------------------------------------------


def number_of_the_call() -> str:
    """The number that CAD gives today to the call that changes its type."""
    start = datetime.now(UTC)
    types: dict[UUID, str] = {}
    for event in DrillSource(load_scenario("evening"), "any", start, seed=SEED).events():
        for body in event.bodies:
            if isinstance(body, CallPictured):
                before = types.setdefault(event.call, body.type_text)
                if event.at > start and (before, body.type_text) == (BEFORE, AFTER):
                    return body.number
    raise AssertionError("a drill never ends")


def row(person: Person, number: str) -> BoardRow | None:
    return next((each for each in person.board.model.rows if each.number == number), None)


def flag_of(person: Person, number: str) -> tuple[str, str]:
    found = row(person, number)
    return (found.flag_words, found.type_text) if found else ("", "")


def owner(person: Person, number: str) -> str:
    found = row(person, number)
    return found.owner_name if found else ""


def dropped(person: Person, number: str) -> bool:
    found = row(person, number)
    return found is not None and found.line_dropped


def type_of(person: Person, number: str) -> tuple[str, str]:
    found = row(person, number)
    return (found.type_before, found.type_text) if found else ("", "")


def said(person: Person) -> list[str]:
    return [line.text for line in person.workspace.frame.talk.lines.lines]


def page(person: Person) -> CallState:
    shown = person.workspace.work.page
    assert shown is not None
    assert shown.state is not None
    return shown.state


def alarm_button(bar: StripWindow) -> str:
    return bar.says_of_alarms
