"""Who a desk is and who a person is, asked of the real server."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from tests.regional.conftest import Call, MakeCode, founded
from tests.regional.desk import NOON, Caller
from tests.regional.servers import Server
from wire.administration import DESK, UserDisabled
from wire.envelope import Entry, from_micros, uuid7
from wire.frames import plain
from wire.messages import (
    Challenge,
    ChallengeRequest,
    Fault,
    SessionRequest,
    SignedIn,
    SignInRequest,
    Verifier,
    session_proof,
)
from wire.permissions import Role


def refused(caller: Caller, path: str, asked: msgspec.Struct, method: str = "POST") -> tuple[int, str]:
    got = caller.request(path, plain(asked), method)
    return got.status_code, msgspec.json.decode(got.content, type=Fault).error


def test_a_code_is_good_once_and_again_for_the_same_desk(
    server: Server, call: Call, make_code: MakeCode, center: str
) -> None:
    code = make_code(server, center, "operations")
    desk, other = call(server, center), call(server, center)
    joined = desk.join(code.lower().replace(center, center.upper()))
    assert (joined.center, joined.audiences, joined.first) == (center, ("operations",), True)
    assert desk.join(code) == joined  # the answer was lost, and it asks again
    status, words = refused(other, "join", other.join_request(code))
    assert (status, "Ask the server's operator" in words) == (403, True)
    assert refused(other, "join", other.join_request(f"{center}/ABCD-ABCD-ABCD-ABCD"))[0] == 403
    assert refused(other, "join", other.join_request("\0/x"))[0] == 403


def _codes(desk: Caller) -> dict[UUID, str]:
    """What the center's administration journal calls its desks."""
    found: dict[UUID, list[Entry]] = {}
    for entry in desk.all_of(f"{desk.center}/administration"):
        found.setdefault(entry.subject, []).append(entry)
    states = {subject: DESK.fold(entries).state for subject, entries in found.items()}
    return {subject: state.code for subject, state in states.items() if state is not None}


def test_desks_that_join_before_their_center_s_own_have_other_codes_than_it(
    server: Server, call: Call, make_code: MakeCode, center: str
) -> None:
    empty, second, own = call(server, center), call(server, center), call(server, center)
    assert empty.join(make_code(server, center)).desk_code == "B", "the desk that founds a center is A"
    assert second.join(make_code(server, center), center=center, desk_code="A").desk_code == "A"
    assert own.join(make_code(server, center), center=center, desk_code="A").desk_code == "C"
    founded(own.open())
    codes = _codes(own)
    assert codes[own.desk] == "A", "it has said so itself"
    assert sorted(codes.values()) == ["A", "B", "C"]
    shown = {line["desk"]: line["code"] for line in server.command("status") if line.get("center") == center}
    assert shown == {str(desk): code for desk, code in codes.items()}, "the operator sees what the center sees"


def test_a_used_code_is_good_for_nobody_who_only_knows_the_desk_s_id(
    server: Server, first: Caller, call: Call, make_code: MakeCode
) -> None:
    code = make_code(server, first.center)
    desk, thief = call(server, first.center), call(server, first.center)
    desk.join(code)
    thief.desk = desk.desk  # any desk of the center can read it in the administration journal
    for look in (True, False):
        status, words = refused(thief, "join", thief.join_request(code, look=look))
        assert (status, "Ask the server's operator" in words) == (403, True)
    desk.open()
    with pytest.raises(AssertionError, match="may join again with a new code"):
        thief.open()


def test_looking_joins_nothing(server: Server, first: Caller, call: Call, make_code: MakeCode) -> None:
    desk = call(server, first.center)
    code = make_code(server, first.center)
    looked = desk.join(code, look=True, people=("BOSS", "ann"))
    assert (looked.first, looked.shared, looked.center_name) == (False, ("BOSS",), first.center.title())
    with pytest.raises(AssertionError, match="not enrolled"):
        desk.open()
    other = call(server, first.center)
    assert other.join(code).center == first.center


def test_a_desk_set_up_under_another_name_is_refused_with_both_names(
    server: Server, call: Call, make_code: MakeCode, center: str
) -> None:
    desk = call(server, center)
    status, words = refused(desk, "join", desk.join_request(make_code(server, center), center="southside"))
    assert status == 409
    assert center in words
    assert "southside" in words


def test_joining_and_sessions_prove_the_key(server: Server, call: Call, make_code: MakeCode, center: str) -> None:
    desk = call(server, center)
    request = desk.join_request(make_code(server, center))
    assert refused(desk, "join", replace(request, proof=bytes(64)))[0] == 403
    assert refused(desk, "join", replace(request, key=b"short"))[0] == 400
    desk.join(request.code)
    nonce = desk.ask("challenge", ChallengeRequest(desk.desk), Challenge).nonce
    bytes_ = session_proof(desk.desk, desk.device, nonce)
    stranger = Ed25519PrivateKey.generate().sign(bytes_)
    assert refused(desk, "session", SessionRequest(desk.desk, desk.device, nonce, stranger))[0] == 403
    signed = SessionRequest(desk.desk, desk.device, nonce, desk.key.sign(bytes_))
    assert refused(desk, "session", replace(signed, nonce=bytes(56)))[0] == 403
    assert refused(desk, "session", replace(signed, desk=uuid7()))[0] == 403
    assert desk.request("session", plain(signed)).status_code == 200
    assert refused(desk, "session", signed)[0] == 403  # a challenge opens one session


def test_a_device_belongs_to_one_desk(server: Server, first: Caller, call: Call, make_code: MakeCode) -> None:
    copy = call(server, first.center)
    copy.device = first.device
    assert refused(copy, "join", copy.join_request(make_code(server, first.center)))[0] == 409
    moved = call(server, f"{first.center}-b")
    moved.desk, moved.key = first.desk, first.key
    assert refused(moved, "join", moved.join_request(make_code(server, moved.center)))[0] == 409


def test_a_desk_opens_no_session_under_another_desks_device(server: Server, first: Caller, call: Call) -> None:
    second = call(server, first.center, "operations")
    second.device = first.device
    with pytest.raises(AssertionError, match="the home was copied"):
        second.open()
    stranger = call(server, f"{first.center}-b", "operations")
    stranger.device = first.device
    with pytest.raises(AssertionError, match="the home was copied"):
        stranger.open()


@pytest.mark.parametrize("token", ["nonsense", "00.", "6e.x", "ff00.xyz", "…"])
def test_no_request_of_a_desk_is_answered_without_its_session(first: Caller, token: str) -> None:
    for path in ("push", "pull", "probe", "hello", "beat", "sign-in"):
        got = first.http.post(f"/sync/v1/{path}", content=b"{}", headers={"Authorization": f"Bearer {token}".encode()})
        assert got.status_code == 401
        assert got.headers["www-authenticate"] == "Bearer"


def _keep(caller: Caller, name: str, password: str, changed_at: int = NOON, token: str = "") -> int:
    verifier = PasswordHasher.from_parameters(CHEAPEST).hash(password)
    asked = Verifier(caller.user(name), verifier, changed_at, token)
    return caller.request("verifier", plain(asked), "PUT").status_code


def _sign_in(caller: Caller, name: str, password: str) -> SignedIn | int:
    got = caller.request("sign-in", plain(SignInRequest(name, password)))
    return msgspec.json.decode(got.content, type=SignedIn) if got.status_code == 200 else got.status_code


def test_a_person_signs_in_at_a_desk_that_never_saw_them(server: Server, first: Caller, call: Call) -> None:
    assert _keep(first, "ann", "correct horse") == 404
    first.push([first.adding("ann", Role.CLINICIAN)])
    assert _keep(first, "ann", "correct horse") == 204
    second = call(server, first.center, "operations")
    signed_in = _sign_in(second, " Ann", "correct horse")
    assert isinstance(signed_in, SignedIn)
    assert signed_in.user == first.user("ann")
    assert PasswordHasher().verify(signed_in.verifier, "correct horse")
    assert _sign_in(second, "ann", "wrong") == 403
    assert _sign_in(second, "nobody", "wrong") == 403
    first.push([first.speaking(first.user("ann"), UserDisabled(from_micros(NOON)))])
    assert _sign_in(second, "ann", "correct horse") == 403


def test_the_first_password_of_a_person_comes_from_the_desk_that_added_them_or_from_an_administrator(
    server: Server, first: Caller, call: Call
) -> None:
    """Identity. … The server MUST take the first verifier of a person only from the desk that entered their
    `user.added`, under whichever of its devices, or with the token of an administrator …
    """
    second = call(server, first.center, "operations")
    first.push([first.adding("ann", Role.CLINICIAN), first.adding("eve", Role.CLINICIAN)])
    second.push([second.adding("zoe", Role.DISPATCHER), second.adding("ann", Role.DISPATCHER)])
    assert _keep(second, "boss", "the thief's own") == 403
    assert _keep(second, "ann", "the thief's own") == 403, "to add her again is no way either"
    assert _keep(first, "zoe", "not hers") == 403
    assert _keep(second, "zoe", "zoe has a password") == 204
    for name in ("boss", "eve"):
        assert _keep(first, name, f"{name} has a password") == 204
    tokens: dict[str, Any] = {name: _sign_in(second, name, f"{name} has a password") for name in ("boss", "eve", "zoe")}
    assert _keep(second, "ann", "by eve", token=tokens["eve"].token) == 403
    assert _keep(second, "ann", "by the boss", token=tokens["boss"].token) == 204
    assert isinstance(_sign_in(first, "ann", "by the boss"), SignedIn)


def test_a_desk_that_counts_under_another_device_now_brings_whom_it_added_before(first: Caller) -> None:
    first.push([first.adding("ann", Role.CLINICIAN)])
    first.device, first.heads = uuid7(), {}
    assert _keep(first.open(), "ann", "correct horse") == 204


def test_a_kept_password_is_changed_by_its_person_or_an_administrator_alone(first: Caller) -> None:
    first.push([first.adding("ann", Role.CLINICIAN), first.adding("eve", Role.CLINICIAN)])
    for name in ("boss", "ann", "eve"):
        assert _keep(first, name, f"{name} has a password") == 204
    tokens: dict[str, Any] = {name: _sign_in(first, name, f"{name} has a password") for name in ("boss", "ann", "eve")}
    assert _keep(first, "ann", "a new password", NOON + 1) == 403
    assert _keep(first, "ann", "a new password", NOON + 1, tokens["eve"].token) == 403
    assert _keep(first, "ann", "a new password", NOON + 1, tokens["ann"].token) == 204
    assert isinstance(_sign_in(first, "ann", "a new password"), SignedIn)
    # The later word counts, also from a desk whose clock is behind.
    assert _keep(first, "ann", "the newest password", NOON, tokens["ann"].token) == 204
    assert isinstance(_sign_in(first, "ann", "the newest password"), SignedIn)
    assert _keep(first, "ann", "given by the boss", NOON + 2, tokens["boss"].token) == 204
    assert isinstance(_sign_in(first, "ann", "given by the boss"), SignedIn)
    assert first.request("verifier", plain(Verifier(first.user("ann"), "$argon2id$x", 1)), "PUT").status_code == 400
