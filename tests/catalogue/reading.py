"""The catalogue: a file for every code that refuses an entry, its cases one under the other.

A case is a title, then paragraphs: ``given`` (JSON Lines that are recorded first, one after the other), ``refused``
(the batch that is refused, with the version it expects where it expects one) and ``says`` (the exit code, the line of
the batch that is told, and the exact sentence). Cases are divided by a line of hyphens.
"""

import re
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
HEADING = re.compile(
    r"(?P<title>[^\n]+)\n\n"
    r"given\n(?P<given>(?:[^\n]+\n)*)\n"
    r"refused(?:, expecting version (?P<expects>\d+))?\n(?P<refused>(?:[^\n]+\n)+)\n"
    r"says, exit (?P<exit_code>\d)(?:, line (?P<line>\d+))?(?:, contradicts (?P<contradicts>\d+))?\n(?P<says>[^\n]+)\n"
)


class Case(NamedTuple):
    """One refusal. given, refused: lines of JSON. says: ``rights: CODE: message``, without the number of the line."""

    code: str
    title: str
    given: list[str]
    refused: list[str]
    expects: int | None
    exit_code: int
    line: int | None
    contradicts: int | None
    says: str


def number(text: str | None) -> int | None:
    return None if text is None else int(text)


def codes() -> list[str]:
    """Codes that have a file."""
    return sorted(path.stem for path in FOLDER.glob("*.txt"))


def cases() -> list[Case]:
    """Every case of every file."""
    return [case for code in codes() for case in cases_of(code)]


def cases_of(code: str) -> list[Case]:
    written = (FOLDER / f"{code}.txt").read_text(encoding="utf-8")
    found = []
    for case in written.split("\n----\n\n"):
        read = HEADING.fullmatch(case)
        assert read is not None, f"{code}: {case}"
        found.append(
            Case(
                code,
                read["title"],
                read["given"].splitlines(),
                read["refused"].splitlines(),
                number(read["expects"]),
                int(read["exit_code"]),
                number(read["line"]),
                number(read["contradicts"]),
                read["says"],
            )
        )
    return found
