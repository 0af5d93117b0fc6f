"""What the directory says of a service: in a row, beside it, and aloud. Pure: no painting."""

import re
from dataclasses import dataclass

from console.directory.hours import spoken
from console.directory.rank import Hit
from console.models.service import ServiceDescribed
from console.queries.directory import Found
from console.views.widgets import Tone

NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class RowWords:
    """One row: the name, what is known of its opening, who runs it, the number to call, how near and how fresh."""

    name: str
    opening: str
    about: str
    phone: str
    distance: str
    verified: str
    stale: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the service's page: what it is about, what it says, and how it is meant."""

    label: str
    text: str
    tone: Tone = Tone.TEXT


def row_words(hit: Hit) -> RowWords:
    """What the row of a hit says."""
    described = hit.described
    matched = [match for match in hit.matches if match in described.needs]
    needs = [*matched, *(need for need in described.needs if need not in matched)]
    return RowWords(
        name=described.name,
        opening=opening(hit),
        about=" · ".join(filter(None, (described.organization, ", ".join(needs)))),
        phone=first_phone(described.phone) or "no phone number",
        distance=hit.distance,
        verified=age(hit),
        stale=hit.verified.stale,
    )


def opening(hit: Hit) -> str:
    """What follows the badge, which says open, closed or unknown already: "until 17:00", "opens Mon 09:00"."""
    return re.sub(r"^(?:open|closed)[ ,]+", "", hit.open.text)


def age(hit: Hit) -> str:
    """How fresh the row's knowledge is, shortly: "verified 3 months ago"."""
    found = re.search(r"\((.+)\)$", hit.verified.text)
    return f"verified {found[1]}" if found else hit.verified.text


def first_phone(words: str) -> str:
    """The number to call first; the others stand on the service's page."""
    return re.split(r"[;\n]", words)[0].strip()


def spoken_row(hit: Hit) -> str:
    """A row as one sentence for a screen reader."""
    words = row_words(hit)
    parts = [
        words.name,
        hit.open.text,
        words.distance.replace(" mi", " miles"),
        f"phone {words.phone}" if hit.described.phone else words.phone,
        words.about,
        f"{words.verified}, long ago" if words.stale and hit.verified.on is not None else words.verified,
    ]
    return ". ".join(filter(None, parts))


def page_lines(hit: Hit) -> tuple[Line, ...]:
    """Everything stated about a service, in the order a caller asks. What nobody stated says so: a blank reads as
    "none"."""
    described = hit.described
    lines = [
        Line("Where", _where(hit), Tone.TEXT if described.address or hit.distance else Tone.MUTED),
        _line("Hours", _hours(described)),
        _line("For whom", described.eligibility),
        _line("Ages", _ages(described)),
        _line("How to get in", described.intake),
        _line("Cost", described.cost),
        _line("Languages", ", ".join(described.languages)),
        _line("Helps with", ", ".join(described.needs)),
    ]
    if described.url:
        lines.append(Line("Web", re.sub(r"^https?://", "", described.url)))
    return tuple(lines)


def _line(label: str, text: str) -> Line:
    return Line(label, text) if text else Line(label, NOT_STATED, Tone.MUTED)


def _where(hit: Hit) -> str:
    return " · ".join(filter(None, (hit.described.address, hit.distance))) or NOT_STATED


def _hours(described: ServiceDescribed) -> str:
    """The hours as the console understood them; as they were written where that says more."""
    if described.hours is None:
        return described.hours_text
    read = spoken(described.hours)
    zone = f" ({described.time_zone})" if described.time_zone and read not in ("24/7", "closed") else ""
    return read + zone


def _ages(described: ServiceDescribed) -> str:
    low, high = described.minimum_age, described.maximum_age
    if low is None and high is None:
        return ""
    if high is None:
        return f"{low} years or older"
    if not low:
        return f"up to {high} years"
    return f"{low} to {high} years"


def summary(found: Found) -> str:
    """The line above the rows: how many fit, and what is not among them."""
    count = len(found.hits)
    if found.more_fit:
        said = f"The best {count} of more; another word or need narrows it"
    else:
        said = f"{count} of {found.services} services"
    if found.closed_hidden:
        said += f" · {found.closed_hidden} more {'is' if found.closed_hidden == 1 else 'are'} closed now"
    return said


def nothing(found: Found) -> tuple[str, str, str, str]:
    """Why there is no row: title, sentence, what to do and its key."""
    asked = f"“{found.wanted.words}”" if found.wanted.words.strip() else ", ".join(found.wanted.needs)
    held = f"{found.services} service{'' if found.services == 1 else 's'} in the directory."
    if found.services == 0:
        return (
            "The directory is empty.",
            "An administrator or supervisor imports the center's own services from a CSV file: "
            "clinician-console directory import FILE",
            "",
            "",
        )
    if found.closed_hidden:
        count = found.closed_hidden
        what = "The one that fits is" if count == 1 else f"All {count} that fit are"
        return f"{what} closed now.", held, "Show closed ones", "Alt O"
    tried = "fewer words" if not found.wanted.needs else "fewer words or other needs"
    return f"Nothing matches {asked}.", f"Try {tried}; {held}", "Clear the search", "Esc"
