"""What the ledger answers: rows of a question, and what became of each line of a recording."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, TypeVar, overload

from ledger.domain.errors import LedgerError
from ledger.projections.rows import Row

RowT_co = TypeVar("RowT_co", bound=Row, covariant=True)


@dataclass(frozen=True)
class Answer(Sequence[RowT_co], Generic[RowT_co]):
    """The rows of a question, and what it was asked of.

    ledger: its id. as_of: the day asked about, inclusive; None for the history, which has none. known_version: the last
    version that counted. root: of the tree over the entries up to it (base64). backdated: how many of the entries that
    counted were recorded long after their day. preposition: how the day is spoken of, ``as of`` or ``on``. since: first
    day of the span that ends with it, of an answer about a span.
    """

    ledger: str
    as_of: date | None
    known_version: int
    root: str
    backdated: int
    rows: tuple[RowT_co, ...]

    preposition: str = "as of"
    since: date | None = None

    def where(self, condition: Callable[[RowT_co], bool]) -> "Answer[RowT_co]":
        """Return the same answer with some of its rows."""
        return replace(self, rows=tuple(filter(condition, self.rows)))

    def to_dict(self, *, why: bool = False) -> dict[str, Any]:
        """Return the answer as the contract's JSON document; with what each row rests on, if wanted."""
        rows = [{**row.to_dict(), "because": row.reasons()} if why else row.to_dict() for row in self.rows]
        return {**self.head(), "rows": rows}

    def head(self) -> dict[str, Any]:
        """Return what the answer is of, and what proves it: the document but for the rows."""
        document: dict[str, Any] = {"ledger": self.ledger}
        if self.since is not None:
            document["from"] = self.since.isoformat()
        if self.as_of is not None:
            document["on" if self.preposition == "on" else "as_of"] = self.as_of.isoformat()
        proof = {"size": self.known_version, "root": self.root, "backdated": self.backdated}
        return {**document, "known_version": self.known_version, **proof}

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[RowT_co]:
        return iter(self.rows)

    @overload
    def __getitem__(self, index: int) -> RowT_co: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[RowT_co, ...]: ...
    def __getitem__(self, index: int | slice) -> RowT_co | tuple[RowT_co, ...]:
        return self.rows[index]


@dataclass(frozen=True)
class LineOutcome:
    """What became of one line: the version it has, or the error that refused it.

    was_there: whether an entry with its id was there already, so that nothing was recorded anew.
    """

    line: int
    version: int | None = None
    error: LedgerError | None = None
    was_there: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the line as the contract's answer shows it."""
        if self.error is None:
            return {"line": self.line, "version": self.version}
        error = {"code": self.error.code, "message": self.error.message, "contradicts": self.error.contradicts}
        return {"line": self.line, "error": error}


class Poured(Sequence[LineOutcome]):
    """What became of lines that all went in or were there already, in a few bytes each.

    numbers: of the lines. versions: those that they have. before: that of the ledger before; those up to it were there.
    """

    def __init__(self, numbers: Sequence[int], versions: Sequence[int], before: int) -> None:
        self.numbers = numbers
        self.versions = versions
        self.before = before

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[LineOutcome]:
        return map(self._outcome, self.numbers, self.versions)

    @overload
    def __getitem__(self, index: int) -> LineOutcome: ...
    @overload
    def __getitem__(self, index: slice) -> "Poured": ...
    def __getitem__(self, index: int | slice) -> "LineOutcome | Poured":
        if isinstance(index, slice):
            return Poured(self.numbers[index], self.versions[index], self.before)
        return self._outcome(self.numbers[index], self.versions[index])

    def _outcome(self, number: int, version: int) -> LineOutcome:
        return LineOutcome(number, version, was_there=version <= self.before)


@dataclass(frozen=True)
class Outcome:
    """What became of a recording.

    version: of the ledger afterwards; of a dry run, what it would be. size: how many entries the
    ledger holds. root: of the tree over them (base64). lines: what became of each, in their order.
    """

    ledger: str
    version: int
    size: int
    root: str
    lines: Sequence[LineOutcome]

    @property
    def exit_code(self) -> int:
        """0 if every line was recorded or already there, 2 if one is malformed, else 1."""
        return max((line.error.exit_code for line in self.refused if line.error is not None), default=0)

    @property
    def refused(self) -> Sequence[LineOutcome]:
        """The lines that were refused; of those that were poured there are none."""
        return () if isinstance(self.lines, Poured) else [line for line in self.lines if line.error is not None]

    @property
    def there(self) -> int:
        """How many lines were there already."""
        if isinstance(self.lines, Poured):
            return sum(version <= self.lines.before for version in self.lines.versions)
        return sum(line.was_there for line in self.lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as the contract's answer shows it."""
        return {**self.head(), "lines": [line.to_dict() for line in self.lines]}

    def head(self) -> dict[str, Any]:
        """Return the same but for the lines."""
        return {"ledger": self.ledger, "version": self.version, "size": self.size, "root": self.root}
