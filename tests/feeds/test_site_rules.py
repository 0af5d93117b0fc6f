"""Site rules: a rule suggests and says why; a code that a person typed is that person's flag."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from console.feeds.site_rules import FlagCode, Rules, SiteRules, SuggestRule, TypePattern, Types, Watch
from console.feeds.vocabulary import incident_types
from console.models.call import CallFlagged, CallFlagSuggested, CallNarrated, CallPictured
from tests.support.shared import shared

AT = datetime(2026, 4, 28, 21, 14, tzinfo=UTC)
CALL = UUID(int=7)

RULES = SiteRules(
    Rules(
        types=Types(
            behavioral=("CRISIS COMPLAINT - GENERAL",),
            common={"CRISIS COMPLAINT - GENERAL": "EDP", "Fight": "FIGHT"},
            patterns=(TypePattern("^BURG", "BURGLARY"), TypePattern("SUICID", "SUICTHRT", behavioral=True)),
        ),
        suggest=(
            SuggestRule("behavioral type", "type", behavioral=True),
            SuggestRule("jumper", "type", pattern="BRIDGE"),
            SuggestRule("talk of suicide", "words", pattern=r"\bwants? to die\b"),
        ),
        flag_codes=(FlagCode("/CLIN"),),
        priorities={"1": "urgent"},
    ),
    "test",
)


@pytest.mark.parametrize(
    ("type_text", "expected"),
    [
        ("CRISIS COMPLAINT - GENERAL", ("EDP", True)),
        ("crisis  complaint - general ", ("EDP", True)),
        ("BURG - RES", ("BURGLARY", False)),
        ("SUICIDAL PERSON", ("SUICTHRT", True)),
        ("fight", ("FIGHT", False)),
        ("LOST DOG", ("", False)),
        ("", ("", False)),
    ],
)
def test_types_by_text_then_by_pattern(type_text: str, expected: tuple[str, bool]) -> None:
    assert RULES.reads(type_text) == expected


def line(text: str, by: str = "CT1") -> CallNarrated:
    return CallNarrated("cad", AT, text, by)


def picture(type_text: str, minute: int = 0) -> CallPictured:
    return CallPictured("cad", AT + timedelta(minutes=minute), "1", type_text, AT)


def test_a_suggestion_says_the_rule_and_what_it_matched() -> None:
    said = line("Caller says he WANTS TO DIE tonight")

    assert Watch(RULES).line(said) == (said, CallFlagSuggested("talk of suicide", 'words "WANTS TO DIE"', AT))
    shown = picture("CRISIS COMPLAINT - GENERAL")
    assert Watch(RULES).picture(CALL, shown) == (
        shown,
        CallFlagSuggested("behavioral type", 'type "CRISIS COMPLAINT - GENERAL"', AT),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/CLIN officer asks for a clinician", "officer asks for a clinician"),
        ("sister on the line /clin", "sister on the line"),
        ("/CLIN", ""),
    ],
)
def test_a_code_typed_in_cad_is_that_persons_flag(text: str, words: str) -> None:
    said = line(text, by="D2")

    assert Watch(RULES).line(said) == (said, CallFlagged("cad-code", AT, words, "cad", "D2"))


def test_a_line_with_a_code_and_words_of_a_rule_gives_both_each_with_its_why() -> None:
    said = line("wants to die, /CLIN please", by="D2")

    assert Watch(RULES).line(said) == (
        said,
        CallFlagSuggested("talk of suicide", 'words "wants to die"', AT),
        CallFlagged("cad-code", AT, "wants to die, please", "cad", "D2"),
    )


@pytest.mark.parametrize("text", ["http://x/CLIN", "/CLINIC called back", "no CLIN needed", "quiet night"])
def test_what_only_looks_like_the_code_is_no_flag(text: str) -> None:
    assert Watch(RULES).line(line(text)) == (line(text),)


def test_a_rule_on_types_speaks_when_the_type_comes_to_match_and_not_again() -> None:
    watch = Watch(RULES)
    told = ["FIGHT", "SUICIDAL PERSON", "SUICIDAL PERSON", "CRISIS COMPLAINT - GENERAL", "FIGHT", "SUICIDAL PERSON"]

    spoke = [len(watch.picture(CALL, picture(type_text, minute))) - 1 for minute, type_text in enumerate(told)]

    assert spoke == [0, 1, 0, 0, 0, 1]


def test_priorities_in_the_words_of_the_site() -> None:
    assert RULES.priority("1") == "urgent"
    assert RULES.priority("9") == "9"


def test_the_vocabulary_is_the_whole_registry() -> None:
    path = shared("eido/registries/eido-registries.json")
    rows = json.loads(path.read_text())["registries"]["EIDO-IncidentType-Common"]

    assert set(incident_types().codes) == {row["value"] for row in rows}
    assert set(incident_types().behavioral) <= set(incident_types().codes)
    assert incident_types().codes["EDP"] == "Emotionally disturbed person"
