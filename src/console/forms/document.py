"""From bytes to a JSON object, and typed looks into it: the one place where an untrusted document is taken apart.

Every helper either returns the type its name promises or refuses the form saying which field is wrong. ``None`` and an
absent key are the same thing, as in FHIR.
"""

import json
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn
from urllib.parse import quote

from console.forms.refusals import refuse

Json = dict[str, Any]
FHIR = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
_SPACE = re.compile(r"\s")
MAX_EXPONENT = 18
"""Powers of ten a number may reach in either direction: FHIR asks readers for 18 digits."""


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _fields(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        for name, value in pairs:
            if found[name] != value:  # which of the two is meant, nobody can tell
                raise ValueError(f"'{name}' stands twice in one object, with different values")
    return found


def decode(document: bytes | str | Mapping[str, Any]) -> Json:
    """The document as a fresh JSON object; refuses what is not JSON, not an object, or nested beyond reason.

    A field that stands twice in an object and not the same is refused too: JSON readers differ on which one counts.
    """
    if isinstance(document, bytes | str) and not document.strip():
        refuse("not JSON: it is empty")
    try:
        text = document if isinstance(document, bytes | str) else json.dumps(document, allow_nan=False)
        loaded = json.loads(
            text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff"),
            parse_constant=_no_constant,
            parse_float=_finite,
            object_pairs_hook=_fields,
        )
        canonical(loaded).encode()
    except RecursionError:
        refuse("the document is nested too deeply")
    except UnicodeDecodeError:
        refuse("not JSON: it is not in UTF-8")
    except (ValueError, TypeError) as error:
        if isinstance(text, bytes) and text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            refuse("not JSON but XML or a web page: ask whoever publishes it for the JSON")
        refuse(f"not JSON: {str(error).splitlines()[0][:120]}")
    if not isinstance(loaded, dict):
        refuse("the document is not a JSON object")
    return loaded


def as_uri(text: str) -> str:
    """The text as FHIR allows an address: without spaces around it, and those in it written as ``%20``."""
    return _SPACE.sub(lambda found: quote(found[0], safe=""), text.strip())


def canonical(document: Any) -> str:
    """JSON with sorted keys and no spaces: the same document always gives the same text."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def text(holder: Json, key: str, link_id: str = "") -> str:
    """A string field, empty when absent."""
    value = holder.get(key)
    if value is None:
        return ""
    return value if isinstance(value, str) else refuse(f"'{key}' is not text", link_id)


def flag(holder: Json, key: str, link_id: str = "") -> bool:
    """A boolean field, false when absent."""
    value = holder.get(key)
    if value is None or value == "false":
        return False
    if value == "true":  # some programs write it so, and it can mean nothing else
        return True
    return value if isinstance(value, bool) else refuse(f"'{key}' is not true or false", link_id)


def whole(holder: Json, key: str, link_id: str = "") -> int | None:
    """A whole-number field."""
    value = holder.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        refuse(f"'{key}' is not a whole number", link_id)
    return value


def decimal(value: Any) -> Decimal | None:
    """A JSON number as the decimal that was written, or ``None`` when it is no number anybody would write."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return number if is_plain(number) else None


def is_plain(number: Decimal) -> bool:
    """Whether a number is finite and of a size that JSON and arithmetic carry without loss of magnitude."""
    return number.is_finite() and abs(number.adjusted()) <= MAX_EXPONENT


def objects(holder: Json, key: str, link_id: str = "") -> list[Json]:
    """A list of objects, empty when absent. FHIR allows nulls as placeholders in a list: they are passed over."""
    value = holder.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        refuse(f"'{key}' is not a list", link_id)
    if not all(entry is None or isinstance(entry, dict) for entry in value):
        refuse(f"'{key}' holds something that is not an object", link_id)
    return [entry for entry in value if entry is not None]


def child(holder: Json, key: str) -> Json:
    """An object field; an empty object when absent or something else (used where nothing depends on it)."""
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def extensions(holder: Json, *urls: str) -> list[Json]:
    """The extensions of an element that have one of these urls (all of them when none is given)."""
    value = holder.get("extension")
    if not isinstance(value, list):
        return []
    found = [entry for entry in value if isinstance(entry, dict) and isinstance(entry.get("url"), str)]
    return [entry for entry in found if entry["url"] in urls] if urls else found


def extension_value(holder: Json, url: str) -> Any:
    """The ``value[x]`` of the first extension with this url, whatever its type; ``None`` when there is none."""
    for entry in extensions(holder, url):
        for key, value in entry.items():
            if key.startswith("value"):
                return value
    return None
