"""What the sync protocol demands and what tests quote of it are the same words, and no demand goes without a test.

A test quotes by a paragraph of its docstring: a rule's number, or the heading of a passage that has no number, a full
stop, and the words as they stand, with ``…`` where some are left out.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PROTOCOL = Path("docs/sync-protocol.md")


class Quote(NamedTuple):
    """What a docstring says that the protocol says."""

    path: str
    line: int
    rule: str
    words: str

    @property
    def parts(self) -> list[str]:
        """The pieces between what is left out."""
        return [part for piece in self.words.split("…") if (part := piece.strip().rstrip("."))]


def rules(text: str) -> dict[str, str]:
    """The protocol's words by the number of the rule, or by the heading where they have none; without its preamble."""
    found: dict[str, list[str]] = {}
    heading = name = ""
    for line in text.splitlines():
        if line.startswith("## "):
            heading = name = line.removeprefix("## ")
            continue
        if numbered := re.match(r"(\d+)\. ", line):
            name, line = numbered[1], line[numbered.end() :]
        elif line and not line.startswith(" "):
            name = heading
        if line:
            found.setdefault(name, []).append(line)
    found.pop("", None)
    return {name: _one_line(" ".join(lines)) for name, lines in found.items()}


def quotes(path: str, text: str, names: frozenset[str]) -> Iterator[Quote]:
    """What the docstrings of a module quote of the rules of these names."""
    start = re.compile(rf"({'|'.join(map(re.escape, sorted(names)))})\. (.+)")
    for node in ast.walk(ast.parse(text, path)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for paragraph in (ast.get_docstring(node) or "").split("\n\n"):
                if said := start.fullmatch(_one_line(paragraph)):
                    yield Quote(path, node.body[0].lineno, said[1], said[2])


def check_quotes(protocol: str, modules: dict[str, str]) -> Iterator[tuple[str, int, str]]:
    """Path, line and complaint: quotes that the protocol does not say, and demands that no test quotes."""
    demands = rules(protocol)
    quoted: set[tuple[str, int]] = set()
    for path, text in modules.items():
        for quote in quotes(path, text, frozenset(demands)):
            end = 0
            for part in quote.parts:
                at = demands[quote.rule].find(part, end)
                if at < 0:
                    yield (
                        path,
                        quote.line,
                        f"{PROTOCOL.as_posix()} does not say, in this order, at {quote.rule}: {part}",
                    )
                    break
                end = at + len(part)
                quoted |= {(quote.rule, place) for place in range(at, end)}
    for name, words in demands.items():
        for must in re.finditer(r"\bMUST\b", words):
            if (name, must.start()) not in quoted:
                said = words[max(0, must.start() - 40) : must.end() + 40]
                yield PROTOCOL.as_posix(), 1, f"no test quotes what it demands at {name}: …{said}…"


def _one_line(text: str) -> str:
    return " ".join(text.split())
