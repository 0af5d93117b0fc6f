"""What is not allowed is said in people's words, for everything there is a right to."""

import pytest

from console.errors import NotAllowed
from console.models.doings import DOINGS
from tests.support.desk import ROLES, person
from wire.journals import Audience
from wire.permissions import WRITERS


def test_every_right_has_its_words_and_no_words_are_left_over() -> None:
    assert set(DOINGS) == set(WRITERS)


@pytest.mark.parametrize("kind", WRITERS)
def test_a_refusal_says_what_and_who_may_and_names_no_kind(kind: str) -> None:
    nobody = person("auditor") if "auditor" not in WRITERS[kind] else None
    if nobody is None:
        return  # everybody may
    with pytest.raises(NotAllowed) as refused:
        nobody.require_write(kind)
    said = refused.value.message
    assert said.startswith(f"Auditor may not {DOINGS[kind]}. ")
    assert said.endswith(" may.")
    assert kind not in said
    for roles in ROLES.values():
        for role in roles:
            assert (f"{role.replace('-', ' ')}s" in said.lower().partition(". ")[2]) >= (role in WRITERS[kind])


def test_the_words_as_a_dispatcher_reads_them() -> None:
    with pytest.raises(NotAllowed) as refused:
        person("dispatcher").require_write("call.claimed")
    assert refused.value.message == "Dispatcher may not claim a call. Clinicians and clinical supervisors may."
    with pytest.raises(NotAllowed) as unread:
        person("dispatcher").require_read(Audience.CLINICAL)
    assert unread.value.message.endswith("may not read the clinical record. Clinicians and clinical supervisors may.")


def test_a_kind_that_nobody_may_write() -> None:
    with pytest.raises(NotAllowed, match=r"may not do this\. Nobody may\."):
        person("clinician").require_write("call.pictured")
