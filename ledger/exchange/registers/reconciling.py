"""The ledger beside a register kept elsewhere: what agrees, what differs, what one of them alone has."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, NamedTuple

from msgspec.structs import replace

from ledger.answers import Answer
from ledger.asking import KnownAt
from ledger.book import Book
from ledger.domain.characters import listed
from ledger.domain.errors import MalformedError
from ledger.domain.reasons import Reason, Reasons, said, series_said
from ledger.exchange.registers.lines import FIGURES, FROM, Assumption, Register, RegisterLine
from ledger.exchange.registers.meaning import Meaning, Scope, meanings
from ledger.exchange.registers.recognising import Holders
from ledger.projections.rows import Row

Verdict = Literal["matched", "different", "missing-here", "missing-there", "ambiguous"]
Of = Literal["holding", "company", "total"]
OF: Final[tuple[Of, ...]] = ("holding", "company", "total")


class ReconciledRow(Row, frozen=True):
    """One holder's rights in a series, or a total, in the ledger (`here`) and in the register (`there`).

    holder: null for rights of the company itself, for totals, and where the register's is not known for certain. name:
    as the register has it. of: `holding`, `company` or `total`. shares_per_right: None where the register says nothing.
    candidates: ids that it may mean. register_rows: where it stands. versions: of the entries behind our figures.
    """

    series: str | None
    holder: str | None
    inherited_from: str | None
    transferred_from: str | None
    name: str | None
    of: Of
    verdict: Verdict
    rights_here: int | None
    rights_there: int | None
    shares_here: int | None
    shares_there: int | None
    shares_per_right_here: int | None
    shares_per_right_there: int | None
    candidates: tuple[str, ...]
    register_rows: tuple[int, ...]
    versions: tuple[int, ...]
    because: Reasons = ()

    def figures(self) -> Iterator[tuple[str, int | None, int | None]]:
        """Each figure by its name: what the ledger says, and what the register does."""
        for name in FIGURES:
            yield name, getattr(self, f"{name}_here"), getattr(self, f"{name}_there")

    @property
    def differing(self) -> list[tuple[str, int | None, int | None]]:
        """The figures that are not the same; of what one side alone has, or nobody knows whose it is, the first."""
        if self.verdict == "different":
            return [each for each in self.figures() if each[2] is not None and each[1] != each[2]]
        return [each for each in self.figures() if self.verdict != "matched" and each[1:] != (None, None)][:1]


@dataclass(frozen=True)
class Reconciliation:
    """What came of it. answer: all rows, and the state of the ledger that was compared. assumptions: by row."""

    answer: Answer[ReconciledRow]
    assumptions: tuple[Assumption, ...]

    @property
    def differences(self) -> Answer[ReconciledRow]:
        """The rows that do not agree."""
        return self.answer.where(lambda row: row.verdict != "matched")

    def counted(self) -> dict[Verdict, int]:
        """How many rows there are of each kind."""
        verdicts: tuple[Verdict, ...] = ("matched", "different", "missing-here", "missing-there", "ambiguous")
        return {verdict: sum(row.verdict == verdict for row in self.answer) for verdict in verdicts}


class _Key(NamedTuple):
    series: str
    holder: str | None
    inherited_from: str | None = None
    transferred_from: str | None = None


@dataclass
class _Ours:
    """What the ledger has under a key."""

    rights: int = 0
    shares: int = 0
    shares_per_right: int | None = None
    because: tuple[Reason, ...] = ()

    def add(self, rights: int, shares: int, shares_per_right: int, because: Iterable[Reason]) -> None:
        self.rights += rights
        self.shares += shares
        self.shares_per_right = shares_per_right
        self.because = tuple(dict.fromkeys((*self.because, *because)))


def reconciliation(
    book: Book,
    register: Register,
    as_of: date | None = None,
    *,
    known_at: KnownAt = None,
    known_version: int | None = None,
    series: str | None = None,
    company: str | None = None,
    ids_only: bool = False,
) -> Reconciliation:
    """Compare what a book holds at the end of a day (default: today in Japan) with a register kept elsewhere.

    series, company: compare these alone. ids_only: leave out the names of those whose ids are known.

    Raises `MalformedError` where a register of several series does not say which, and what the book's questions raise.
    """
    held = book.holdings(as_of, known_at=known_at, known_version=known_version, series=series)
    known: dict[str, Any] = {"known_at": known_at, "known_version": held.known_version}
    entered = book.register(as_of, company=company, series=series, ids_only=True, **known)
    every = book.series(as_of, why=False, **known)
    chosen = [row for row in every if series in {None, row.series} and company in {None, row.company}]
    names = {row.series: row.name for row in every}
    companies = {row.series: (row.company, row.company_name) for row in entered}
    scope = Scope(frozenset(row.series for row in chosen), names, companies, is_chosen=bool(series or company))
    _require_series(register, scope)
    ours = _ours(register, scope, held, entered)
    people = book.people
    read = meanings(register, scope, Holders(book.names("holder"), people.show()), ids_only=ids_only)
    rows = [*_compared(read.lines, ours, ids_only=ids_only), *_totals(read.totals, ours, scope)]
    rows.sort(key=_order)
    assumptions = (
        *register.assumptions,
        *read.assumptions,
        *_added_up(read.lines),
        *_sums(read.totals, read.lines),
        *_without_rows(read.lines, ours),
    )
    answer = Answer(held.ledger, held.as_of, held.known_version, held.root, held.backdated, tuple(rows))
    return Reconciliation(answer, tuple(sorted(dict.fromkeys(assumptions), key=lambda each: each.row or 0)))


def _require_series(register: Register, scope: Scope) -> None:
    if "series" in register.columns or len(scope.series) == 1:
        return
    there = listed(sorted(scope.series)) or "none"
    raise MalformedError(
        "malformed",
        f"the register has no column that names the series, and the ledger's series on that day are {there}: --series"
        " says which it is of, or --column series=HEADING which column names it",
    )


def _ours(register: Register, scope: Scope, held: Iterable[Any], entered: Iterable[Any]) -> defaultdict[_Key, _Ours]:
    """What the ledger has, by what the register tells apart."""
    ours: defaultdict[_Key, _Ours] = defaultdict(_Ours)
    for row in held:
        if row.series in scope.series:
            origin = (getattr(row, field) if field in register.columns else None for field in FROM)
            key = _Key(row.series, row.holder, *origin)
            ours[key].add(row.outstanding, row.shares, row.shares_per_right, row.because)
    for row in entered:
        if row.holder is None and row.series in scope.series:
            ours[_Key(row.series, None)].add(row.rights, row.shares, row.shares_per_right, row.because)
    return ours


def _compared(lines: Sequence[Meaning], ours: Mapping[_Key, _Ours], *, ids_only: bool) -> Iterator[ReconciledRow]:
    """A row for every line that stands alone, for every key that both sides or one of them has."""
    by_key: defaultdict[_Key, list[Meaning]] = defaultdict(list)
    possible: set[tuple[str, str]] = set()
    for each in lines:
        if each.is_clear:
            by_key[_Key(each.series, each.holder, each.inherited_from, each.transferred_from)].append(each)
        else:
            possible |= {(series, holder) for series in each.all_series for holder in each.candidates}
            yield _unclear(each, ids_only=ids_only)
    for key in ours.keys() | by_key.keys():
        here, there = ours.get(key), by_key[key]
        is_possible = not there and key.holder is not None and (key.series, key.holder) in possible
        if there or (here is not None and here.rights):
            yield _row(key, here, there, is_possible=is_possible, ids_only=ids_only)


def _unclear(each: Meaning, *, ids_only: bool) -> ReconciledRow:
    """A line of which nobody knows for certain whom it means; without any rights it agrees with whatever is here."""
    line = each.line
    has_nothing = not any(getattr(line, name) for name in ("rights", "shares"))
    verdict: Verdict = "ambiguous" if each.candidates else "missing-here"
    return ReconciledRow(
        each.series, None, each.inherited_from, each.transferred_from, line.holder if ids_only else each.name,
        "holding",
        "matched" if has_nothing else verdict,
        None, line.rights, None, line.shares, None, line.shares_per_right,
        candidates=each.candidates, register_rows=(line.row,), versions=(),
    )  # fmt: skip


def _row(
    key: _Key, here: _Ours | None, there: Sequence[Meaning], *, is_possible: bool, ids_only: bool
) -> ReconciledRow:
    given = {name: _summed([getattr(each.line, name) for each in there]) for name in ("rights", "shares")}
    numbers = [each.line.shares_per_right for each in there if each.line.shares_per_right is not None]
    own = None if here is None else here.shares_per_right
    given["shares_per_right"] = next((each for each in numbers if each != own), own if numbers else None)
    because = () if here is None else here.because
    row = ReconciledRow(
        *key,
        None if ids_only or not there else there[0].name,
        "company" if key.holder is None else "holding",
        "matched",
        None if here is None else here.rights, given["rights"],
        None if here is None else here.shares, given["shares"],
        own, given["shares_per_right"],
        candidates=(),
        register_rows=tuple(each.line.row for each in there),
        versions=tuple(sorted({each.version for each in because if each.version is not None})),
        because=because,
    )  # fmt: skip
    return _judged(row, here, is_there=bool(there), is_possible=is_possible)


def _judged(row: ReconciledRow, here: _Ours | None, *, is_there: bool, is_possible: bool) -> ReconciledRow:
    if not is_there:
        return replace(row, verdict="ambiguous" if is_possible else "missing-there")
    if here is None:
        return replace(row, verdict="missing-here") if row.rights_there or row.shares_there else row
    is_same = all(there is None or there == own for _, own, there in row.figures())
    return row if is_same else replace(row, verdict="different")


def _summed(figures: Sequence[int | None]) -> int | None:
    """The sum of several lines; nothing where one of them says nothing."""
    return None if not figures or None in figures else sum(each for each in figures if each is not None)


def _totals(totals: Sequence[Meaning], ours: Mapping[_Key, _Ours], scope: Scope) -> Iterator[ReconciledRow]:
    """A row for every total of the register, beside the same of the ledger."""
    for each in totals:
        line = each.line
        of = scope.series if line.total == "all" else {each.series} & scope.series
        is_known = line.total == "all" or bool(of)
        behind = [own for key, own in ours.items() if key.series in of]
        rights, shares = sum(own.rights for own in behind), sum(own.shares for own in behind)
        is_same = line.rights in {None, rights} and line.shares in {None, shares}
        yield ReconciledRow(
            None if line.total == "all" else each.series, None, None, None, None, "total",
            ("matched" if is_same else "different") if is_known else "missing-here",
            rights if is_known else None, line.rights, shares if is_known else None, line.shares, None, None,
            candidates=(), register_rows=(line.row,),
            versions=tuple(sorted({r.version for own in behind for r in own.because if r.version is not None})),
        )  # fmt: skip


def _added_up(lines: Sequence[Meaning]) -> Iterator[Assumption]:
    """That several lines of one holder in a series were added up, and what one of them does not say."""
    by_key: defaultdict[_Key, list[RegisterLine]] = defaultdict(list)
    for each in lines:
        if each.is_clear and each.holder is not None:
            by_key[_Key(each.series, each.holder, each.inherited_from, each.transferred_from)].append(each.line)
    for key, lots in by_key.items():
        if len(lots) > 1:
            rows = ", ".join(str(lot.row) for lot in lots)
            says = said("the rows {rows} are added up: {series} of {holder}", rows=rows, series=series_said(key.series),
                        holder=key.holder)  # fmt: skip
            yield Assumption(lots[0].row, says)
        for name in ("rights", "shares"):
            given = [getattr(lot, name) for lot in lots]
            if None in given and {*given} != {None}:
                row = lots[given.index(None)].row
                yield Assumption(row, said("the figure is empty here, and not compared: {figure}", figure=said(name)))


def _sums(totals: Sequence[Meaning], lines: Sequence[Meaning]) -> Iterator[Assumption]:
    """That a total is not the sum of its own lines."""
    for each in totals:
        own = [line.line.rights for line in lines if each.line.total == "all" or line.series == each.series]
        rights = _summed(own)
        if rights is not None and each.line.rights not in {None, rights}:
            says = said("the total says {total:,}, and its own lines add up to {rights:,}", total=each.line.rights,
                        rights=rights)  # fmt: skip
            yield Assumption(each.line.row, says)


def _without_rows(lines: Sequence[Meaning], ours: Mapping[_Key, _Ours]) -> Iterator[Assumption]:
    """That the register has nothing of a series: it may be of others alone."""
    for series in sorted({key.series for key, own in ours.items() if own.rights} - {each.series for each in lines}):
        says = said("there is no row of {series}: --series compares one series alone", series=series_said(series))
        yield Assumption(None, says)


def _order(row: ReconciledRow) -> tuple[bool, str, int, bool, str, str, str, tuple[int, ...]]:
    """By series and holder; what no holder is known of after those, totals last."""
    return (
        row.series is None, row.series or "", OF.index(row.of), row.holder is None, row.holder or "",
        row.inherited_from or "", row.transferred_from or "", row.register_rows,
    )  # fmt: skip
