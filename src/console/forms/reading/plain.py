"""Formatted words as plain ones. A form's formatting is never handed to a screen: rich text can load files and links.

FHIR lets a form repeat its words formatted (the extensions ``rendering-xhtml`` and ``rendering-markdown``). The plain
words beside them say the same and are what is shown; only where they are missing are they taken from the formatted
ones.
"""

import re
from html.parser import HTMLParser

from console.forms.document import FHIR, Json, child, extension_value

_XHTML, _MARKDOWN = FHIR + "rendering-xhtml", FHIR + "rendering-markdown"
_UNSEEN = ("script", "style", "head", "template", "object", "iframe")
_BLOCKS = ("p", "div", "br", "ul", "ol", "table", "tr", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre")
_MARKS = (
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),  # links and images: their words
    (re.compile(r"^ {0,3}#{1,6} +(.*?)[ #]*$", re.MULTILINE), r"\1"),
    (re.compile(r"(?<!\w)(\*{1,3}|_{1,3}|`+|~~)(?=\S)([^*_`~\n]*?\S)\1(?!\w)"), r"\2"),
    (re.compile(r"^ {0,3}> ?", re.MULTILINE), ""),
)


def filled(holder: Json, *keys: str) -> Json:
    """An element whose missing words are taken from their formatted ones."""
    found = {key: words for key in keys if not holder.get(key) and (words := _formatted(child(holder, f"_{key}")))}
    return holder | found


def loses_an_image(holder: Json, *keys: str) -> bool:
    """Whether any of these words has an image when formatted: it is not shown."""
    written = (extension_value(child(holder, f"_{key}"), url) for key in keys for url in (_XHTML, _MARKDOWN))
    return any("<img" in each.lower() or "![" in each for each in written if isinstance(each, str))


def _formatted(element: Json) -> str:
    xhtml, markdown = extension_value(element, _XHTML), extension_value(element, _MARKDOWN)
    if isinstance(xhtml, str):
        return plain_xhtml(xhtml)
    return plain_markdown(markdown) if isinstance(markdown, str) else ""


def plain_xhtml(text: str) -> str:
    """The words of XHTML, line by line, however broken it is."""
    reader = _Words()
    reader.feed(
        text.replace("<![", "&lt;![")
    )  # a marked section is no XHTML; the parser asserts that it is well formed
    reader.close()
    return _tidy("".join(reader.found))


def plain_markdown(text: str) -> str:
    """The words of Markdown without its marks. Lists keep their dashes; HTML in it loses its tags."""
    for pattern, words in _MARKS:
        text = pattern.sub(words, text)
    return _tidy("\n".join(plain_xhtml(line) if "<" in line or "&" in line else line for line in text.splitlines()))


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        if tag in _BLOCKS or tag == "li":
            self.found.append("\n- " if tag == "li" else "\n")
        elif tag == "img":
            self.found.append(dict(attrs).get("alt") or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        if tag in _BLOCKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.found.append(" ".join(data.splitlines()) if data.strip() else " ")
