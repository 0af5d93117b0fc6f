"""Naming a call: by its number, by its id, or by the beginning of the id."""

import pytest

from console.actions import flags, people
from tests.commands.program import PASSWORD, Program, at_desk


def _ids(program: Program) -> dict[str, str]:
    return {line["number"]: line["call"] for line in program("calls", "list", "--json").rows}


def test_a_number_an_id_and_the_beginning_of_one_mean_the_same_call(program: Program) -> None:
    ids = _ids(program)
    first = ids["26-0001"]
    shared = next(n for n in range(len(first)) if first[n] != ids["26-0002"][n])
    beginning = first[: max(shared + 1, 5)]
    for named in ("26-0001", " 26-0001 ", first, first.upper(), first.replace("-", ""), beginning):
        assert program("calls", "show", named, "--json").row["call"] == first, named


def test_a_beginning_that_two_ids_share_is_refused_with_both(program: Program) -> None:
    ids = _ids(program)
    first, second = ids["26-0001"], ids["26-0002"]
    assert first[:8] == second[:8]  # made in one second: the time stands first in an id
    ran = program.refuses("calls", "show", first[:8], says="could be several calls; give the whole id:")
    assert first in ran.line
    assert second in ran.line


def test_a_number_that_two_calls_have_is_refused_with_both(program: Program) -> None:
    with at_desk(program) as desk:
        who = people.sign_in(desk, "dispatcher", PASSWORD)
        twin, _ = flags.enter_call(desk, who, "26-0001", "WELFARE CHECK", "412 Alder St")
    ran = program.refuses("calls", "show", "26-0001", says="'26-0001' could be several calls")
    assert str(twin) in ran.line
    assert program("calls", "show", str(twin), "--json").row["call"] == str(twin)


@pytest.mark.parametrize(
    "named",
    ["26-0009", "abc", "", "   ", "%", "26-000%", "____", "'; DROP TABLE call; --", "\x1b[2J", "ffffffff", "é" * 500],
)
def test_what_names_no_call_is_answered_with_no(program: Program, named: str) -> None:
    ran = program.refuses("calls", "show", named, status=1, says="There is no call")
    assert "\x1b" not in ran.err


def test_something_that_looks_like_an_option_is_not_taken_for_a_call(program: Program) -> None:
    program.refuses("calls", "show", "-26-0001", says="the following arguments are required: CALL")
