"""Site profiles: the shipped ones are right, and a wrong one is one clear line before any row is read."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.errors import KnownError
from console.feeds.profile import load_profile, shipped_profiles
from console.feeds.replay import ReplaySource
from tests.feeds.making import CENTER, HEADER, PLAIN, export, profile


def test_the_shipped_profiles_load_by_each_of_their_names() -> None:
    names = shipped_profiles()

    assert {"seattle-2015", "seattle", "generic-csv", "generic"} <= set(names)
    for name in names:
        assert load_profile(name).source
    assert load_profile("seattle").source == load_profile("seattle-2015").source == "seattle-2015"


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(KnownError, match=r"no profile 'tacoma'.*generic-csv.*seattle-2015"):
        load_profile("tacoma")


def test_a_profile_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"site\.toml cannot be read: No such file"):
        load_profile(str(tmp_path / "site.toml"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('source = "cad"', 'source = " "'), "source is empty"),
        (('["number"]', "[]"), "identity is empty"),
        (("America/Chicago", "Mars/Olympus"), "'Mars/Olympus' is no time zone"),
        (("America/Chicago", "../../etc/passwd"), "is no time zone"),
        (('["%Y-%m-%d %H:%M"]', "[]"), "time.formats is empty"),
        (("%Y-%m-%d %H:%M", "%Y-%Q"), "'%Y-%Q' is no date format"),
        (("%Y-%m-%d %H:%M", "%H:%M"), "does not hold a whole date"),
        (("%Y-%m-%d %H:%M", "%Y-%m-%d"), "does not hold a whole date"),
        (("place =", "plaec ="), "'plaec'"),
        (("[columns]", "[colums]"), "'colums'"),
        (('place = "place"', "place = 7"), "columns.place"),
        (('type = "type"', ""), "'type'"),
        (('place = "place"', 'latitude = "lat"'), "only one of latitude and longitude"),
        (('zone = "America/Chicago"', "zone = America"), "is not TOML"),
    ],
)
def test_a_wrong_profile_says_what_and_where(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    wrong = PLAIN.replace(*change)
    assert wrong != PLAIN

    with pytest.raises(KnownError) as error:
        profile(tmp_path, wrong)

    assert "site.toml" in error.value.message
    assert says in error.value.message


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        ('[file]\nencoding = "utf-9"', "'utf-9' is no text encoding"),
        ('[file]\nencoding = "base64"', "'base64' is no text encoding"),
        ('[file]\ndelimiter = "::"', "file.delimiter must be one character"),
        ('[file]\ndelimiter = "\\""', "the same character"),
        ("[course]\nfinal_after_minutes = -1", "between 0 and a week"),
        ('[narrative]\nseparator = ""', "separator is empty"),
        ('[narrative]\npattern = "("', "no regular expression"),
        ('[narrative]\npattern = "(?P<who>.)"', "must name the group 'line'"),
        ('[[types.patterns]]\npattern = "["\ncommon = "EDP"', "types.patterns: '[' is no regular expression"),
        ('[types.common]\n"CRISIS" = "EPD"', "'EPD' is no APCO common incident type. Did you mean EDP"),
        ('[[suggest]]\nrule = "r"\non = "words"', "needs a pattern"),
        ('[[suggest]]\nrule = "r"\non = "type"', "behavioral = true or a pattern"),
        ('[[suggest]]\nrule = "r"\non = "places"\npattern = "x"', "suggest"),
        ('[[flag_codes]]\ncode = " "', "no code a person could type"),
    ],
)
def test_wrong_rules_say_what_and_where(tmp_path: Path, extra: str, says: str) -> None:
    with pytest.raises(KnownError) as error:
        profile(tmp_path, extra=extra)

    assert "site.toml" in error.value.message
    assert says in error.value.message


def test_a_column_that_the_file_lacks_is_named_before_any_row_is_read(tmp_path: Path) -> None:
    file = export(tmp_path, "1,2026-04-28 21:14,FIGHT,x", header="number,reported,kind,street")
    replay = ReplaySource(file, profile(tmp_path), CENTER)

    with pytest.raises(
        KnownError, match=r"no column 'place', 'type'.*Its columns: 'number', 'reported', 'kind', 'street'"
    ):
        next(replay.events())

    assert replay.reading.rows == 0


def test_a_column_that_stands_twice_is_named(tmp_path: Path) -> None:
    file = export(tmp_path, "1,2026-04-28 21:14,FIGHT,x,y", header=HEADER + ",place")

    with pytest.raises(KnownError, match="column 'place' 2 times"):
        next(ReplaySource(file, profile(tmp_path), CENTER).events())


@given(st.text(max_size=200))
def test_any_text_is_a_profile_or_a_known_error(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "site.toml"
        path.write_bytes(text.encode(errors="surrogatepass"))
        with pytest.raises(KnownError, match=r"site\.toml"):
            load_profile(str(path))
