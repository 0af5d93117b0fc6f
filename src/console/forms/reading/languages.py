"""The words of a form in other languages.

FHIR writes a translation beside the text it translates, as the extension
http://hl7.org/fhir/StructureDefinition/translation on ``_text``, ``_display`` or ``_title``; a value set writes it as
a ``designation``. A language is a BCP 47 tag. "es" also finds words that are tagged "es-US", and the other way round:
words in the same language of another country are nearer than words in another language.
"""

from collections.abc import Iterable, Iterator, Mapping

from console.forms.document import FHIR, Json, child, extension_value, extensions
from console.forms.model import Item, Questionnaire

_TRANSLATION = FHIR + "translation"


def translations(holder: Json, key: str) -> dict[str, str]:
    """Language → translation of the string field ``key``; what cannot be read is passed over, the first one counts."""
    found: dict[str, str] = {}
    for entry in extensions(child(holder, "_" + key), _TRANSLATION):
        language, content = extension_value(entry, "lang"), extension_value(entry, "content")
        if isinstance(language, str) and isinstance(content, str) and language and content.strip():
            found.setdefault(language, content)
    return found


def labels_in(concept: Json) -> dict[str, str]:
    """Language → label of a concept of a value set or a code system."""
    found = translations(concept, "display")
    listed = concept.get("designation")
    for entry in listed if isinstance(listed, list) else ():
        language, value = (entry.get("language"), entry.get("value")) if isinstance(entry, dict) else (None, None)
        if isinstance(language, str) and isinstance(value, str) and language and value.strip():
            found.setdefault(language, value)
    return found


def in_language(words: Mapping[str, str], language: str, otherwise: str) -> str:
    """The words in this language, else in the same one of another country, else ``otherwise``."""
    if not language or not words:
        return otherwise
    if language in words:
        return words[language]
    return next((text for tag, text in words.items() if _same(tag, language)), otherwise)


def helps_in(helps: tuple[Item, ...]) -> dict[str, str]:
    """Language → the help of a question there; a line that is not translated stays as it is."""
    languages = dict.fromkeys(language for item in helps for language in item.texts)
    return {
        language: "\n".join(in_language(item.texts, language, item.text) for item in helps) for language in languages
    }


def offered(items: Iterable[Item], own: str) -> tuple[str, ...]:
    """The languages a form can be shown in: its own, and those in which at least one text is there."""
    found = (language for item in _walk(items) for language in item.texts)
    return tuple(dict.fromkeys((*filter(None, (own,)), *found)))


def is_worded(q: Questionnaire, item: Item, language: str) -> bool:
    """Whether a question and all its options are there in this language."""
    if language == q.language:
        return True
    worded = in_language(item.texts, language, "") != ""
    return worded and all(in_language(option.labels, language, "") for option in item.options)


def _walk(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _walk(item.items)


def _same(one: str, other: str) -> bool:
    return one.split("-")[0].lower() == other.split("-")[0].lower()
