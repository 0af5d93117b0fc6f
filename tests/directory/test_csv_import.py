"""The one-file CSV of a center's own services: what is read, what is doubtful, what is refused, and by which line."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.directory.csv_import import COLUMNS, OWN, Imported, read_services, service_id
from console.directory.hours import spoken
from console.errors import KnownError
from console.models.service import ServiceDescribed

AT = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
WESTSIDE = Path(__file__).parents[2] / "resources" / "directory" / "westside.csv"


def read(*lines: str, encoding: str = "utf-8") -> Imported:
    return read_services("\n".join(lines).encode(encoding), AT, file="services.csv", time_zone="America/Chicago")


def only(*lines: str) -> ServiceDescribed:
    (service,) = read(*lines).services
    return service


def said(imported: Imported) -> list[str]:
    return [f"{message.severity} {message.said}" for message in imported.messages]


def test_every_column_is_read() -> None:
    service = only(
        "id,name,organization,description,phone,address,latitude,longitude,needs,hours,time_zone,eligibility,"
        "minimum_age,maximum_age,languages,cost,intake,url,verified_on",
        'W9,Detox Center,New Bank,"Watched, medically",(515) 555-0108,35 Mill Creek Rd,41.585,-93.678,'
        "Detox; alcohol,24/7,America/Denver,can walk,18,64,English; Spanish,free,call ahead,https://bank.example,2026-08-02",
    )
    assert service == ServiceDescribed(
        at=AT,
        source=OWN,
        source_key="W9",
        name="Detox Center",
        organization="New Bank",
        description="Watched, medically",
        phone="(515) 555-0108",
        address="35 Mill Creek Rd",
        latitude=41.585,
        longitude=-93.678,
        needs=("detox", "alcohol"),
        hours=service.hours,
        hours_text="24/7",
        time_zone="America/Denver",
        eligibility="can walk",
        minimum_age=18,
        maximum_age=64,
        languages=("English", "Spanish"),
        cost="free",
        intake="call ahead",
        url="https://bank.example",
        verified_on="2026-08-02",
    )
    assert spoken(service.hours) == "24/7"


def test_the_shipped_directory_is_read_without_a_word() -> None:
    imported = read_services(WESTSIDE.read_bytes(), AT)
    assert said(imported) == []
    assert imported.counts.services == len(imported.services) == 32
    assert imported.all_keys_known
    hours = {spoken(service.hours) for service in imported.services}
    assert {"24/7", "hours not known", "daily 18:00–08:00", "Mon–Thu 09:00–12:00, 13:00–16:00"} <= hours


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_usual_way_of_saving_is_read(delimiter: str, encoding: str, end: str) -> None:
    rows = (("Service Name", "TELEPHONE", "Min_Age"), ("Café Ñandú", "988", "12"))
    text = end.join(delimiter.join(row) for row in rows) + end
    (service,) = read_services(text.encode(encoding), AT).services
    assert (service.name, service.phone, service.minimum_age) == ("Café Ñandú", "988", 12)


def test_a_note_to_excel_before_the_header_is_passed_over() -> None:
    imported = read("sep=;", "name;phone", "Detox;123")
    assert imported.services[0].name == "Detox"
    assert said(imported) == ["doubtful line 3: phone “123” is not a short number in use; kept as written"]


@pytest.mark.parametrize(("name", "others"), COLUMNS.items())
def test_every_other_name_of_a_column_is_documented_and_known(name: str, others: tuple[str, ...]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "directory.md").read_text(encoding="utf-8")
    for other in (name, *others):
        assert f"`{other}`" in page
        header = other if name == "name" else f"name,{other}"
        assert not [message for message in read(header, "x,").messages if message.line == 1]


def test_a_column_that_nobody_knows_is_named() -> None:
    assert said(read("name,phone,Fax", "Detox,988,x")) == [
        "doubtful line 1: “Fax” is not a column of this file format; it was not read"
    ]


def test_rows_are_refused_by_line_with_the_reason() -> None:
    imported = read(
        "id,name,phone",
        "1,Detox,988",
        ",,",
        '2,"Two',
        'lines",988',
        "3,,988",
        "1,Other,988",
        "4,Shelter,988,open, daily",
        '5,"Bad"quote,988',
        "6,Food,988",
    )
    assert [service.name for service in imported.services] == ["Detox", "Two lines", "Food"]
    assert said(imported) == [
        "refused line 6: name is empty; a service has to have one",
        "refused line 7: id “1” is that of line 2 already; give each service its own",
        "refused line 8: 5 cells for 3 columns; put quotation marks around a cell that holds a comma",
        "refused line 9: a quotation mark stands inside a quoted cell; write it twice",
    ]
    counts = imported.counts
    assert (counts.rows, counts.services, counts.refused, counts.doubtful, counts.blank) == (7, 3, 4, 0, 1)
    assert imported.refused_keys == {"3"}
    assert not imported.all_keys_known


def test_a_quotation_mark_that_never_closes_names_the_lines_it_swallowed() -> None:
    imported = read("name,phone", "Detox,988", '"Shelter,988', "Food,988", "Clinic,988")
    assert [service.name for service in imported.services] == ["Detox"]
    assert said(imported) == [
        "refused line 3: a quotation mark opens a cell here that no other one closes; lines 3 to 5 were not read"
    ]
    assert not imported.all_keys_known


def test_a_refused_row_that_names_its_key_has_not_vanished() -> None:
    imported = read("id,name", "7,", "8,Food")
    assert imported.refused_keys == {"7"}
    assert imported.all_keys_known


def test_a_row_without_id_is_known_by_name_and_address() -> None:
    imported = read("name,address,phone", "Detox, 35  Mill Rd,988", "detox,35 mill rd,211", "Detox,36 Mill Rd,988")
    assert [service.source_key for service in imported.services] == ["detox|35 mill rd", "detox|36 mill rd"]
    assert said(imported) == ["refused line 3: same name and address as line 2; give each service an id"]


def test_an_id_that_is_missing_in_one_row_is_doubtful() -> None:
    imported = read("id,name,phone", ",Detox,988")
    assert imported.services[0].source_key == "detox|"
    assert said(imported) == [
        "doubtful line 2: id is empty; the service is known by name and address, and is another if they change"
    ]


def test_the_id_of_a_service_follows_from_source_and_key() -> None:
    assert service_id("own", "W9") == service_id("own", "W9")
    assert len({service_id("own", "W9"), service_id("own", "W8"), service_id("county", "W9")}) == 3


@pytest.mark.parametrize(
    ("column", "words", "kept", "doubt"),
    [
        ("phone", "", "", "is missing"),
        ("phone", "515-555-0101 ext. 4", "515-555-0101 ext. 4", ""),
        ("phone", "1-800-555-TALK", "1-800-555-TALK", ""),
        ("phone", "988 or text HOME to 741741", "988 or text HOME to 741741", ""),
        ("phone", "+44 20 7946 0000", "+44 20 7946 0000", ""),
        ("phone", "(515) 555-0101 (front desk)", "(515) 555-0101 (front desk)", ""),
        ("phone", "555-0101", "555-0101", "“555-0101” has no area code; kept as written"),
        ("phone", "015-555-0101", "015-555-0101", "“015-555-0101” cannot be dialed; kept as written"),
        ("phone", "515-555-01012", "515-555-01012", "“515-555-01012” has 11 digits; kept as written"),
        ("phone", "ask Bo", "ask Bo", "“ask Bo” is not a phone number; kept as written"),
        ("minimum age", "18 years", 18, ""),
        ("minimum age", "18.0", 18, ""),
        ("minimum age", "adult", None, "“adult” is not an age in whole years; left empty"),
        ("maximum age", "121", None, "“121” is not an age in whole years; left empty"),
        ("url", "www.bank.example/a", "www.bank.example/a", ""),
        ("url", "javascript:alert(1)", "", "“javascript:alert(1)” is not a web address; left empty"),
        ("verified on", "8/2/2026", "2026-08-02", ""),
        ("verified on", "2026-08-02T10:00:00Z", "2026-08-02", ""),
        ("verified on", "2/30/26", "", "“2/30/26” is not a date; write it as 2026-08-31. Left empty: never verified"),
        ("verified on", "2026-12-24", "", "2026-12-24 has not come yet; left empty: never verified"),
        ("time zone", "", "America/Chicago", ""),
        ("time zone", "america/new_york", "America/New_York", ""),
        ("time zone", "EST", "", "“EST” is not a time zone such as America/Chicago; open or closed will be unknown"),
        ("needs", "Food| HOUSING |food", ("food", "housing"), ""),
        ("needs", "food, legal aid", ("food", "legal aid"), ""),
        ("languages", "English; Spanish ;", ("English", "Spanish"), ""),
        ("hours", "9am-5pm", None, "“9am-5pm” is taken as unknown: no day is named; write “daily” for every day"),
    ],
)  # fmt: skip
def test_each_value_is_kept_or_doubted(column: str, words: str, kept: object, doubt: str) -> None:
    other = "988" if column != "phone" else words
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(["name", "phone", *([column] if column != "phone" else [])])
    writer.writerow(["Detox", other, *([words] if column != "phone" else [])])
    imported = read(sheet.getvalue())
    assert getattr(imported.services[0], column.replace(" ", "_")) == kept
    assert said(imported) == ([f"doubtful line 2: {column} {doubt}"] if doubt else [])


@pytest.mark.parametrize(
    ("latitude", "longitude", "place", "doubt"),
    [
        ("41.6", "-93.7", (41.6, -93.7), ""),
        ("41,6", "-93,7", (41.6, -93.7), ""),
        ("41.6°", "−93.7", (41.6, -93.7), ""),
        ("", "", (None, None), ""),
        ("-93.7", "41.6", (None, None), "latitude “-93.7” is outside -90 to 90; left empty"),
        ("41.6", "", (None, None), "longitude is missing while the other one is there; the place is not known"),
        ("0", "0.0", (None, None), "latitude 0, 0 is in the sea off Africa; the place is not known"),
        ("north", "-93.7", (None, None), "latitude “north” is not a number of degrees; left empty"),
        ("nan", "-93.7", (None, None), "latitude “nan” is not a number of degrees; left empty"),
    ],
)  # fmt: skip
def test_a_place_is_whole_or_not_known(latitude: str, longitude: str, place: object, doubt: str) -> None:
    imported = read("name\tphone\tlat\tlon", f"Detox\t988\t{latitude}\t{longitude}")
    (service,) = imported.services
    assert (service.latitude, service.longitude) == place
    assert said(imported) == ([f"doubtful line 2: {doubt}"] if doubt else [])


def test_ages_that_cross_are_both_left_empty() -> None:
    imported = read("name,phone,min age,max age", "Detox,988,65,18")
    assert (imported.services[0].minimum_age, imported.services[0].maximum_age) == (None, None)
    assert said(imported) == ["doubtful line 2: minimum age 65 is above the maximum age 18; both left empty"]


def test_a_short_row_is_doubtful() -> None:
    imported = read("name,phone,cost", "Detox,988")
    assert said(imported) == ["doubtful line 2: 2 cells for 3 columns; the rest are taken as empty"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "services.csv is empty"),
        (b"\n \r\n", "services.csv is empty"),
        (b"\xef\xbb\xbf", "services.csv is empty"),
        (b"PK\x03\x04rest", "is a workbook or an archive"),
        ("name,phone\nDetox,988".encode("utf-16"), "UTF-16"),
        (b"name,phone\nDetox\0,988", "is not a text file"),
        ("name,phone\nDetox,988\nCafé,988".encode("latin-1"), "line 3: a letter is not in UTF-8"),
        (b"<html><body>", "is not a CSV file: it begins with"),
        (b'{"services": []}', "is not a CSV file: it begins with"),
        (b"title,phone\nDetox,988", "line 1: no column is called “name”"),
        (b'"name,phone\nDetox,988', "line 1: no column is called “name”"),
        (b"name,phone,telephone\nDetox,988,988", "the columns “phone” and “telephone” are both the phone"),
        (b"name,phone\n", "holds no row below"),
        (b"name|phone\nDetox|988", "line 1: no column is called “name”"),
    ],
)
def test_a_file_that_is_no_such_csv_is_refused_whole(data: bytes, why: str) -> None:
    with pytest.raises(KnownError) as refusal:
        read_services(data, AT, file="services.csv")
    assert why in refusal.value.message
    assert "\n" not in refusal.value.message


def test_a_message_is_one_line_of_bearable_length() -> None:
    imported = read("name,phone,hours,verified on", f'Detox,988,"by\nnight","{"x" * 5000}\ny"')
    assert (
        said(imported)[0]
        == "doubtful line 2: hours “by night” is taken as unknown: “by” is neither a day nor a stretch of time"
    )
    assert len(said(imported)[1]) < 350


def test_letters_that_show_nothing_are_taken_away() -> None:
    service = only("name,phone,description", "De\u200btox \u202eCenter,988,a\x07b")
    assert service.name == "De tox Center"
    assert service.description == "a b"


cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]) | st.sampled_from('",;\n\r\t'),
    max_size=12,
)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=8), st.sampled_from(",;\t"))
def test_every_row_that_a_csv_writer_writes_is_a_service_or_refused(rows: list[list[str]], delimiter: str) -> None:
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter=delimiter)
    writer.writerow(["id", "name", "description"])
    writer.writerows(rows)
    writer.writerow(["the last", "Detox", ""])
    imported = read_services(sheet.getvalue().encode(), AT)
    counts = imported.counts
    assert counts.services + counts.refused + counts.blank == len(rows) + 1
    assert counts.refused == sum(message.severity == "refused" for message in imported.messages)
    assert len({service.source_key for service in imported.services}) == counts.services


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: f"name,phone\n{text}".encode()))
def test_any_bytes_are_read_or_refused_with_one_line(data: bytes) -> None:
    try:
        told = [message.said for message in read_services(data, AT).messages]
    except KnownError as refusal:
        told = [refusal.message]
    assert all(len(line.splitlines()) == 1 for line in told)
