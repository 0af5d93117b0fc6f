"""Changing one's own password on the status screen."""

from uuid import UUID

import pytest

from console.actions import people
from console.errors import KnownError
from console.models.sign_in import SignIn
from console.views.status.own_password import OwnPassword
from console.views.widgets import notice
from tests.views.workspace_kit import Room


def test_a_password_is_changed_when_the_old_one_is_right(
    room: Room, clinician: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[UUID, str, str]] = []

    def change(desk: object, who: SignIn, old: str, new: str, tell: object) -> None:
        asked.append((who.user, old, new))
        if old != "right":
            raise KnownError("That is not your password.")

    monkeypatch.setattr(people, "change_own_password", change, raising=False)
    heard: list[str] = []
    monkeypatch.setattr(notice, "announce", lambda widget, words: heard.append(words))
    card = OwnPassword(room.seat(clinician))
    for old, new, again in (("wrong", "x", "y"), ("wrong", "lantern", "lantern"), ("right", "lantern", "lantern")):
        for field, words in zip(card._fields, (old, new, again), strict=True):
            field.setText(words)
        card.change()
        room.until(card._change.isEnabled)
        if old == "wrong" and new == "x":
            assert card.said == "The new password was not typed the same twice."
        elif old == "wrong":
            assert card.said == "That is not your password."
            assert card._fields[1].text() == "lantern"
    assert card.said == "Your password is changed."
    assert card._fields[0].text() == ""
    assert heard == [
        "The new password was not typed the same twice.",
        "That is not your password.",
        "Your password is changed.",
    ]
    assert [old for _, old, _ in asked] == ["wrong", "right"]
