"""The official tests of FHIRPath, through the seam."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from console.forms import fhirpath
from tests.forms.fhirpath.suite import Case, cases, ours, passes

NOT_PASSED = tomllib.loads((Path(__file__).parent / "not_passed.toml").read_text(encoding="utf-8"))
IN_REAL_FORMS = re.findall(
    r"\w+",
    "where iif exists select first toInteger descendants repeat sum join round substring toString empty startsWith all "
    "today now children weight ordinal extension combine count matches not lower ln exp power",
)


def functions(tree: dict[str, Any]) -> set[str]:
    """The functions an expression calls; ``is`` and ``as`` count as functions."""
    own = {tree["children"][0]["text"]} if tree["type"] == "Functn" else set()
    own |= {"is"} if tree["type"] == "TypeExpression" else set()
    return own.union(*map(functions, tree.get("children", ())))


def within_real_forms(case: Case) -> bool:
    try:
        return functions(fhirpath.compiled(case.expression).tree) <= set(IN_REAL_FORMS)
    except fhirpath.Unevaluable:
        return case.invalid


@cache
def outcomes() -> dict[Case, bool]:
    return {case: passes(case, ours) for case in cases()}


def test_what_is_not_passed_is_listed_with_its_reason() -> None:
    failed = {case.name for case, passed in outcomes().items() if not passed}
    listed = re.compile("|".join(entry["pattern"] for entry in NOT_PASSED.values()))
    assert sorted(name for name in failed if not listed.fullmatch(name)) == []
    for entry in NOT_PASSED.values():
        assert any(re.fullmatch(entry["pattern"], name) for name in failed), f"nothing is left of: {entry['reason']}"


def test_at_least_nine_of_ten_are_passed() -> None:
    assert len(outcomes()) > 900
    assert sum(outcomes().values()) / len(outcomes()) >= 0.9


def test_all_are_passed_that_use_what_real_forms_use() -> None:
    floor = {case: passed for case, passed in outcomes().items() if within_real_forms(case)}
    assert len(floor) > 450
    choice = NOT_PASSED["choice-names"]["pattern"]  # and wants an error for what every second form writes
    assert [case.name for case, passed in floor.items() if not passed and case.name != choice] == []
