"""A file of people as spreadsheets write it: CSV in UTF-8 or CP932, a person a line, all its problems told at once."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from io import StringIO
from typing import Final, NamedTuple

from ledger.domain.characters import shown
from ledger.domain.errors import MalformedError
from ledger.domain.wellformed import check_name
from ledger.people import FIELDS, Particulars, problem_with
from ledger.text_file import text_of

HOLDER: Final = "holder"
COLUMNS: Final = (HOLDER, *FIELDS)
MOST_BYTES: Final = 64_000_000


class Problem(NamedTuple):
    """What is wrong in a file. line: where the person begins. column: None where it is of the whole line."""

    line: int
    column: str | None
    says: str

    def __str__(self) -> str:
        """The problem in words."""
        return f"line {self.line}{'' if self.column is None else f', column {self.column}'}: {self.says}"


def read_people(content: bytes, name: str, *, today: date) -> list[tuple[str, Particulars]]:
    """Read the particulars of every line. name: of the file, as a person knows it.

    The first line names the columns: `holder`, and any of the fields in any order. An empty cell takes a field away; a
    column that is not there leaves its field as it is.

    Raises `MalformedError`, with every problem in its message.
    """
    if len(content) > MOST_BYTES:
        raise MalformedError("malformed", f"{name} has more than {MOST_BYTES:,} bytes: split it")
    rows = _rows(text_of(content, name), name)
    line, header = next(rows, (1, []))
    problems = [Problem(line, None, says) for says in _of_header(header)]
    people: dict[str, tuple[int, Particulars]] = {}
    for line, cells in () if problems else rows:
        if len(cells) != len(header):
            problems.append(Problem(line, None, f"there are {len(cells)} cells, and the header has {len(header)}"))
            continue
        row = dict(zip(header, cells, strict=True))
        holder = row.pop(HOLDER)
        problems += _of_person(line, holder, row, today)
        if holder in people:
            problems.append(Problem(line, HOLDER, f"{shown(holder)} is on line {people[holder][0]} already"))
        people.setdefault(holder, (line, {field: value or None for field, value in row.items()}))
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
        told = "; ".join(map(str, problems))
        raise MalformedError("malformed", f"{name} has {count}, and nothing was changed: {told}")
    return [(holder, particulars) for holder, (_, particulars) in people.items()]


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line on which each begins; empty lines are skipped."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for cells in reader:
            if cells:
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise MalformedError("malformed", f"{name} is no CSV: line {begins}: {error}") from None


def _of_header(header: Sequence[str]) -> Iterator[str]:
    named = ", ".join(COLUMNS)
    if HOLDER not in header:
        yield f"there is no column {HOLDER}; the first line names the columns, of {named}"
    for column in dict.fromkeys(header):
        if column not in COLUMNS:
            yield f"there is no field {shown(column)}; the columns are {named}"
        elif header.count(column) > 1:
            yield f"the column {column} is there {header.count(column)} times"
    if header and {*header} == {HOLDER}:
        yield f"there is no column but {HOLDER}; the others are {', '.join(FIELDS)}"


def _of_person(line: int, holder: str, row: dict[str, str], today: date) -> Iterator[Problem]:
    try:
        check_name(HOLDER, holder)
    except MalformedError as error:
        yield Problem(line, HOLDER, error.message.removeprefix(f"`{HOLDER}` "))
    for field, value in row.items():
        says = problem_with(field, value, today) if value else None
        if says is not None:
            yield Problem(line, field, says)
