"""The APCO common incident types, by which centers that name their calls differently understand each other."""

from functools import cache

import msgspec

from console.feeds.assets import read_toml, resource


class IncidentTypes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Code to label, and the codes that most often turn out to be for a clinician."""

    codes: dict[str, str]
    behavioral: tuple[str, ...]


@cache
def incident_types() -> IncidentTypes:
    """The list as shipped (resources/vocabularies/apco-incident-types.toml says where it is from)."""
    return read_toml(resource("vocabularies/apco-incident-types.toml"), IncidentTypes, "list of incident types")
