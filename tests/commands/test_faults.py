"""What nobody foresaw is told in a line too, and never with anybody's words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from console.queries import listing
from tests.commands.program import Program, after

SECRET = "he said goodbye"


@contextmanager
def breaking(error: BaseException) -> Iterator[None]:
    """The board cannot be read because of ``error``."""

    def break_down(*arguments: Any) -> Any:
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listing, "call_lines", break_down)
        yield


@pytest.mark.parametrize("error", [ValueError(SECRET), KeyError(SECRET), RuntimeError(SECRET)])
def test_a_fault_of_the_program_is_named_by_kind_and_place(program: Program, error: Exception) -> None:
    with breaking(error):
        ran = program.refuses("calls", "list", says="Something in the program went wrong. Please report this line: ")
    assert type(error).__name__ in ran.line
    assert "break_down" in ran.line
    assert SECRET not in ran.line


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (PermissionError(13, "Permission denied", "/media/stick"), "/media/stick: Permission denied. Check the disk"),
        (OSError(5, "Input/output error"), "Input/output error. Check the disk and the permissions, then try again."),
        (KeyboardInterrupt(), "Stopped."),
    ],
)
def test_what_the_machine_or_a_person_did_is_said_as_that(program: Program, error: BaseException, says: str) -> None:
    with breaking(error):
        ran = program.refuses("calls", "list", says=says)
    assert "went wrong" not in ran.line


def test_after_a_fault_the_home_is_free_again(program: Program) -> None:
    with breaking(ValueError()):
        program("calls", "list")
    assert program("calls", "claim", "26-0001", by="clinician").status == 0


@pytest.mark.parametrize(
    "module", ["console.commands.main", "console.commands.parser", "console.commands.calls", "console.actions.homes"]
)
def test_a_run_that_is_stopped_while_it_is_still_loading_says_so_in_a_line(program: Program, module: str) -> None:
    stopped = f"""
import sys
class Stop:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Stop())
"""
    ran = program.process("calls", "list", start=after(stopped))
    assert (ran.status, ran.out, ran.line) == (2, "", "Stopped.")
