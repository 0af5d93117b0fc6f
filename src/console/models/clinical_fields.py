"""What a clinician writes down about the person, in the provider's own record: the list behind the entry on screen.

The fields are those that crisis programs record (name and alias, age, language and pronouns, relation of whoever calls,
provider and supports, medicines, what happened before). Nothing here reaches a sheet or dispatch.
"""

import msgspec


class ClinicalField(msgspec.Struct, frozen=True):
    """One fact about the person. ``prompt`` is the question to ask; ``suggestions`` are answers given in one key."""

    id: str
    label: str
    prompt: str
    suggestions: tuple[str, ...] = ()


CLINICAL_FIELDS: tuple[ClinicalField, ...] = (
    ClinicalField("name", "Name", "What is the person called, and what do they like to be called?"),
    ClinicalField("age", "Age or birth date", "How old is the person?"),
    ClinicalField("pronouns", "Pronouns", "Which pronouns?", ("he", "she", "they")),
    ClinicalField("language", "Language", "Which language, is an interpreter needed?", ("English", "Spanish", "ASL")),
    ClinicalField("relation", "Who calls", "Who is calling, in relation to the person?", ("Self", "Family", "Friend")),
    ClinicalField("lives_with", "Lives with", "With whom does the person live, and where tonight?"),
    ClinicalField("provider", "Provider", "Who treats the person, when is the next visit?"),
    ClinicalField("diagnosis", "Conditions", "Which conditions does the person, or the caller, speak of?"),
    ClinicalField("medicines", "Medicines", "Which medicines, taken today?"),
    ClinicalField("history", "What happened before", "Earlier attempts, stays, crises: when, and what helped?"),
    ClinicalField("supports", "Supports", "Who can be with the person, who can be called?"),
    ClinicalField("consent", "Agrees to", "What does the person agree to: a call-back, a team, sharing with whom?"),
)
CLINICAL_FIELD: dict[str, ClinicalField] = {field.id: field for field in CLINICAL_FIELDS}
