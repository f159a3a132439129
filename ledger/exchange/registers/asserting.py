"""Whether assertions hold: what the ledger says, beside what is expected."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

from ledger.book import Book
from ledger.domain.errors import LedgerError, MalformedError, RefusedError
from ledger.domain.reasons import Reason
from ledger.domain.spelling import did_you_mean
from ledger.exchange.registers.assertions import Assertion, Value, assertions_in
from ledger.projections.rows import plain
from ledger.text_file import bytes_up_to

MOST_BYTES: Final = 16_000_000
PRICE: Final = "item 12"
"""The item of what was paid for a right; a series rests on that, and on how its shares per right came about."""


class Failure(NamedTuple):
    """An assertion that does not hold. found: None where there is no such figure. because: what ours rests on."""

    file: Path
    assertion: Assertion
    found: Value | None
    because: tuple[Reason, ...]

    @property
    def versions(self) -> tuple[int, ...]:
        """Versions of the entries behind our figure."""
        return tuple(sorted({each.version for each in self.because if each.version is not None}))

    @property
    def difference(self) -> object:
        """By how much ours is more than what is expected; None of what is no number."""
        found, expected = self.found, self.assertion.expected
        if found is None or isinstance(found, bool | tuple) or isinstance(expected, bool | tuple):
            return None
        return found - expected

    def to_dict(self) -> dict[str, object]:
        """Return the failure as JSON values."""
        return {
            "file": str(self.file),
            "line": self.assertion.line,
            "assertion": self.assertion.says,
            "source": self.assertion.source,
            "expected": json_value(self.assertion.expected),
            "found": json_value(self.found),
            "difference": json_value(self.difference),
            "versions": list(self.versions),
        }


class Checked(NamedTuple):
    """What came of it. asserted: how many assertions there are."""

    asserted: int
    failures: tuple[Failure, ...]


def check(book: Book, files: Iterable[Path]) -> Checked:
    """Check the assertions of files, in their order.

    Raises `MalformedError` where a file cannot be read or has sentences that are none, and `RefusedError` for a series
    or a holder that the ledger knows on no day; both say where.
    """
    found = [(file, each) for file in files for each in assertions_in(_text(file), str(file))]
    failures = []
    said = _Said(book)
    for file, assertion in found:
        try:
            value, because = said.figure(assertion)
        except LedgerError as error:
            error.message = f"{file}, line {assertion.line}: {error.message}"
            raise
        if value != assertion.expected:
            failures.append(Failure(file, assertion, value, because))
    return Checked(len(found), tuple(failures))


def _text(file: Path) -> str:
    content = bytes_up_to(file, MOST_BYTES)
    if len(content) > MOST_BYTES:
        raise MalformedError("malformed", f"{file} has more than {MOST_BYTES:,} bytes, which no list of figures has")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise MalformedError("malformed", f"{file} is no UTF-8: line {line} is no text") from None


class _Said:
    """What a book says, each question asked once."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._answers: dict[tuple[object, ...], Sequence[Any]] = {}

    @cached_property
    def _known(self) -> dict[str, list[str]]:
        return {"series": self._book.names("series"), "holder": self._book.names("holder")}

    def figure(self, asked: Assertion) -> tuple[Value | None, tuple[Reason, ...]]:
        """The figure of which an assertion speaks, and what it rests on."""
        for kind, name in (("series", asked.series), ("holder", asked.holder)):
            if name is not None and name not in self._known[kind]:
                hint = did_you_mean(name, self._known[kind])
                raise RefusedError(f"unknown-{kind}", f"{kind} {name} is not known on any day{hint}")
        match asked.figure:
            case "may_exercise" | "window":
                return self._eligible(asked)
            case "payment" | "capital" | "capital_reserve":
                rows = self._rows(self._book.exercises, asked)
                return sum(getattr(row, asked.figure) for row in rows), _because(rows)
            case "holders":
                rows = [row for row in self._rows(self._book.holdings, asked) if row.outstanding]
                return len({row.holder for row in rows}), self._without_shares(asked, rows)
            case (
                "period" | "max_rights" | "exercise_price" | "price_per_share" | "price_per_right" | "shares_per_right"
            ):
                return self._of_series(asked)
            case "shares":
                rows = self._rows(self._book.holdings, asked)
                return sum(row.shares for row in rows), _because(rows)
            case _:
                return self._count(asked)

    def _count(self, asked: Assertion) -> tuple[Value, tuple[Reason, ...]]:
        """How many rights went a way: of a series what it says itself, which leaves out what passed inside it."""
        rows = self._rows(self._book.holdings, asked)
        summed = rows if asked.holder is not None else self._rows(self._book.series, asked)
        return sum(getattr(row, asked.figure) for row in summed), self._without_shares(asked, rows)

    def _without_shares(self, asked: Assertion, rows: Sequence[Any]) -> tuple[Reason, ...]:
        """What counts of rights rest on: not on how many shares each of them is for."""
        of_shares = {*_because(self._rows(self._book.series, asked))}
        return tuple(each for each in _because(rows) if each not in of_shares)

    def _of_series(self, asked: Assertion) -> tuple[Value | None, tuple[Reason, ...]]:
        rows = self._rows(self._book.series, asked)
        if not rows:
            return None, ()
        (row,) = rows
        of_price = asked.figure.startswith("price")
        because = tuple(each for each in row.because if (each.item == PRICE) == of_price)
        if asked.figure == "period":
            return (row.exercise_from, row.exercise_until), because
        value: Value | None = getattr(row, asked.figure)
        return value, because

    def _eligible(self, asked: Assertion) -> tuple[Value | None, tuple[Reason, ...]]:
        rows = self._rows(self._book.eligibility, asked)
        if asked.figure == "may_exercise":
            return any(row.eligible for row in rows), _because(rows)
        windows = {(row.from_, row.until) for row in rows if row.from_ is not None}
        return (windows.pop() if len(windows) == 1 else None), _because(rows)

    def _rows(self, question: Callable[..., Sequence[Any]], asked: Assertion) -> list[Any]:
        """The rows of a question that an assertion is about."""
        key = (question.__name__, asked.as_of, asked.known_at, asked.known_version)
        if key not in self._answers:
            self._answers[key] = question(asked.as_of, known_at=asked.known_at, known_version=asked.known_version)
        of_holder = () if question.__name__ == "series" else ("holder", "inherited_from", "transferred_from")
        named = {name: getattr(asked, name) for name in ("series", *of_holder)}
        wanted = {name: of for name, of in named.items() if of is not None}
        return [row for row in self._answers[key] if all(getattr(row, name) == of for name, of in wanted.items())]


def _because(rows: Iterable[Any]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for row in rows for reason in row.because))


def json_value(value: object) -> object:
    """A figure as a JSON value: days as a list of two."""
    return [each.isoformat() for each in value] if isinstance(value, tuple) else plain(value)
