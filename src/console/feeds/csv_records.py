"""The records of a CSV file, line by line accounted for: one that cannot be read costs its first line and no other.

A quotation mark that nobody closed would otherwise take every row behind it, up to the end of the file.
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator

import msgspec

_NO_END = "a field that begins with a quotation mark does not end"
_LONGEST_FIELD = csv.field_size_limit()


class CsvRecord(msgspec.Struct, frozen=True, gc=False):
    """One record and the lines it stands on; ``fault`` says why it has no fields, when it has none."""

    line: int
    last_line: int
    fields: list[str]
    fault: str = ""


class CsvRecords:
    """The records of ``lines`` in turn (RFC 4180, with one's own delimiter and quotation mark). Empty lines are none.

    After a record that cannot be read it goes on with the line behind the record's first.
    """

    def __init__(self, lines: Iterable[str], *, delimiter: str, quote: str) -> None:
        self._lines = iter(lines)
        self._delimiter = delimiter
        self._quote = quote
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._line = 0
        self._reader = self._new_reader()

    def __iter__(self) -> Iterator[CsvRecord]:
        return self

    def __next__(self) -> CsvRecord:
        while True:
            self._line += len(self._taken)
            self._taken.clear()
            try:
                fields = next(self._reader)
            except csv.Error as error:
                return self._fault(str(error))
            if fields:
                return CsvRecord(self._line + 1, self._line + len(self._taken), fields)

    def go_back(self) -> None:
        """Read the last record again from its second line on: its first line took in what was not its own."""
        self._again.extendleft(reversed(self._taken[1:]))
        del self._taken[1:]
        self._reader = self._new_reader()

    def _fault(self, said: str) -> CsvRecord:
        several = len(self._taken) > 1
        self.go_back()
        if said == "unexpected end of data" or several:
            said = _NO_END
        elif said.startswith("field larger"):
            said = f"a field is more than {_LONGEST_FIELD:,} characters long"
        return CsvRecord(self._line + 1, self._line + 1, [], said)

    def _new_reader(self) -> Iterator[list[str]]:
        return csv.reader(self._feed(), delimiter=self._delimiter, quotechar=self._quote, strict=True)

    def _feed(self) -> Iterator[str]:
        while self._again:
            line = self._again.popleft()
            self._taken.append(line)
            yield line
        for line in self._lines:
            self._taken.append(line)
            yield line
