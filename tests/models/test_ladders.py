"""What a level means: the center's own words, or a state's ladder with its own numbers."""

import tomllib

import pytest
from msgspec.structs import replace

from console.errors import KnownError
from console.models.call import SETTABLE_LEVELS, Level
from console.models.center import Center, center_settings, refuse_unfit, refuse_unknown_ladder
from console.settings import resources

DEFAULTS = tomllib.loads((resources() / "center" / "defaults.toml").read_text(encoding="utf-8"))
SHIPPED = center_settings(DEFAULTS, {})


def using(ladder: str) -> Center:
    return replace(SHIPPED, ladder=ladder)


def test_a_new_center_uses_its_own_words() -> None:
    assert SHIPPED.anchors == DEFAULTS["levels"]
    assert SHIPPED.level_keys == dict(zip(SETTABLE_LEVELS, "1234", strict=True))


@pytest.mark.parametrize("code", [ladder.code for ladder in SHIPPED.ladders])
def test_each_shipped_ladder_is_whole_and_its_keys_are_its_own_numbers(code: str) -> None:
    center = using(code)
    refuse_unfit(center)
    refuse_unknown_ladder(center)
    assert center.anchors.keys() == {level.value for level in SETTABLE_LEVELS}
    for level in SETTABLE_LEVELS:
        assert center.anchors[level].startswith(f"Level {center.level_keys[level]}")
    assert center.level_keys[Level.CRITICAL] == "4"
    assert center.levels == SHIPPED.levels


def test_the_shipped_ladders_are_those_of_virginia_and_illinois() -> None:
    assert [ladder.code for ladder in SHIPPED.ladders] == ["marcus-alert", "illinois"]


def test_an_unknown_ladder_counts_as_the_centers_own_words_and_is_not_set() -> None:
    center = using("gone")
    refuse_unfit(center)
    assert center.anchors == SHIPPED.levels
    with pytest.raises(KnownError, match="there is no “gone”"):
        refuse_unknown_ladder(center)
