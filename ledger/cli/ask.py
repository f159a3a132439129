"""The questions: what holds as of a day, as known at any time."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Annotated, Any

import typer
from msgspec.structs import fields

from ledger.answers import Answer
from ledger.cli import options
from ledger.cli.render import print_csv, print_json, print_table, say, yen
from ledger.opening import DEFAULT_URL, open_ledger
from ledger.projections.rows import (
    EligibilityRow,
    ExerciseRow,
    HistoryRow,
    HoldingRow,
    Row,
    SeriesRow,
    plain,
)

PANEL = "Ask"

Cells = tuple[Sequence[str], list[Sequence[object]]]
"""Headings and rows of a table for people."""


def add_questions(app: typer.Typer) -> None:
    """Add the questions."""
    app.command("holdings", rich_help_panel=PANEL)(holdings)
    app.command("series", rich_help_panel=PANEL)(series)
    app.command("eligibility", rich_help_panel=PANEL)(eligibility)
    app.command("exercises", rich_help_panel=PANEL)(exercises)
    app.command("history", rich_help_panel=PANEL)(history)


def holdings(
    *,
    as_of: options.AsOf = None,
    series: options.AnySeries = None,
    holder: options.AnyHolder = None,
    outstanding: Annotated[bool, typer.Option("--outstanding", help="Only holdings with rights outstanding.")] = False,
    known_at: options.KnownAt = None,
    known_version: options.KnownVersion = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    why: options.Why = False,
    as_json: options.Json = False,
    as_csv: options.Csv = False,
) -> None:
    """Show every holding there ever was by a day, and where its rights went.

    Example: rights holdings --as-of 2018-07-01
    """
    with open_ledger(db, ledger) as book:
        answer = book.holdings(as_of, known_at=known_at, known_version=known_version, series=series, holder=holder)
    if outstanding:
        answer = answer.where(lambda row: row.outstanding > 0)
    show(answer, HoldingRow, "Holdings", _holdings_table, why=why, as_json=as_json, as_csv=as_csv)


def series(
    *,
    as_of: options.AsOf = None,
    series: options.AnySeries = None,
    known_at: options.KnownAt = None,
    known_version: options.KnownVersion = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    why: options.Why = False,
    as_json: options.Json = False,
    as_csv: options.Csv = False,
) -> None:
    """Show the series: what became of their rights, shares per right, prices, exercise period.

    Example: rights series --as-of 2022-10-01
    """
    with open_ledger(db, ledger) as book:
        answer = book.series(as_of, known_at=known_at, known_version=known_version, series=series)
    show(answer, SeriesRow, "Series", _series_table, why=why, as_json=as_json, as_csv=as_csv)


def eligibility(
    *,
    on: Annotated[
        date | None,
        typer.Option("--on", metavar="DAY", parser=options.read_day, help="On this day; default: today in Japan."),
    ] = None,
    series: options.AnySeries = None,
    holder: options.AnyHolder = None,
    known_at: options.KnownAt = None,
    known_version: options.KnownVersion = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    why: options.Why = False,
    as_json: options.Json = False,
    as_csv: options.Csv = False,
) -> None:
    """Show who may exercise on a day, from when until when, and why not.

    Example: rights eligibility --on 2018-07-02
    """
    with open_ledger(db, ledger) as book:
        answer = book.eligibility(on, known_at=known_at, known_version=known_version, series=series, holder=holder)
    show(answer, EligibilityRow, "Eligibility", _eligibility_table, why=why, as_json=as_json, as_csv=as_csv)


def exercises(
    *,
    since: Annotated[
        date | None,
        typer.Option("--from", metavar="DAY", parser=options.read_day, help="From this day; default: the first."),
    ] = None,
    as_of: options.AsOf = None,
    series: options.AnySeries = None,
    holder: options.AnyHolder = None,
    known_at: options.KnownAt = None,
    known_version: options.KnownVersion = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    why: options.Why = False,
    as_json: options.Json = False,
    as_csv: options.Csv = False,
) -> None:
    """Show the exercises, with shares, payment, capital and capital reserve.

    Example: rights exercises --from 2018-04-01 --as-of 2019-03-31
    """
    with open_ledger(db, ledger) as book:
        answer = book.exercises(
            as_of, since=since, known_at=known_at, known_version=known_version, series=series, holder=holder
        )
    show(answer, ExerciseRow, "Exercises", _exercises_table, why=why, as_json=as_json, as_csv=as_csv)


def history(
    *,
    since_version: Annotated[
        int, typer.Option("--since-version", metavar="N", min=0, help="Only entries after version N.")
    ] = 0,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
    as_csv: options.Csv = False,
) -> None:
    """Show every entry as it was recorded: when, by whom, and what retracted it.

    Example: rights history --since-version 20
    """
    with open_ledger(db, ledger) as book:
        answer = book.history(since_version=since_version)
    show(answer, HistoryRow, "History", _history_table, why=False, as_json=as_json, as_csv=as_csv)


def show(
    answer: Answer[Any],
    row_type: type[Row],
    name: str,
    table: Callable[[Answer[Any]], Cells],
    *,
    why: bool,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Print an answer as one JSON document, as CSV, or as a table that says what it is of."""
    if as_json:
        print_json(answer.to_dict(why=why))
        return
    if as_csv:
        names = [each.encode_name for each in fields(row_type) if each.name != "because"]
        print_csv(names, (row.to_dict() for row in answer))
        return
    day = "" if answer.as_of is None else f" {answer.preposition} {answer.as_of}"
    title = f"{name}{day} · ledger {answer.ledger} at version {answer.known_version}"
    if not answer:
        say(f"{title}: none")
        return
    print_table(title, *table(answer))
    if table is _series_table:
        say()
        print_table("Terms", *_terms_table(answer))
    if why:
        _print_reasons(answer)


def _print_reasons(answer: Iterable[Any]) -> None:
    for row in answer:
        say()
        say(f"Series {row.series}{', ' + _holder(row) if hasattr(row, 'holder') else ''}:")
        for reason in row.because:
            version = "" if reason.version is None else f" (version {reason.version})"
            say(f"  {reason.item}: {reason.says}{version}")


def _holder(row: Any) -> str:
    """A holding's holder, and where it came from."""
    if row.inherited_from is not None:
        return f"{row.holder} (heir of {row.inherited_from})"
    if row.transferred_from is not None:
        return f"{row.holder} (from {row.transferred_from})"
    return str(row.holder)


def _used(answer: Iterable[Any], names: Sequence[str]) -> list[str]:
    """The columns that say something: those in which some row is not 0."""
    rows = list(answer)
    return [name for name in names if any(getattr(row, name) for row in rows)]


def _heading(name: str) -> str:
    return name.replace("_", " ")


WAYS = ("exercised", "lapsed", "waived", "acquired", "extinguished", "replaced", "passed_on")


def _holdings_table(answer: Answer[HoldingRow]) -> Cells:
    columns = [*_used(answer, ("allotted", "received")), "outstanding", *_used(answer, WAYS)]
    rows: list[Sequence[object]] = [
        (row.series, _holder(row), *(getattr(row, name) for name in columns), row.shares_per_right, row.shares)
        for row in answer
    ]
    if len({row.series for row in answer}) == 1 and len(rows) > 1:
        sums = [sum(getattr(row, name) for row in answer) for name in columns]
        rows.append(("", "total", *sums, "", sum(row.shares for row in answer)))
    return ("series", "holder", *map(_heading, columns), "per right", "shares"), rows


def _series_table(answer: Answer[SeriesRow]) -> Cells:
    columns = [*_used(answer, ("allotted", "received")), "outstanding", *_used(answer, WAYS[:-1])]
    rows: list[Sequence[object]] = [
        (row.series, row.max_rights, *(getattr(row, name) for name in columns), row.shares_per_right, row.shares)
        for row in answer
    ]
    return ("series", "maximum", *map(_heading, columns), "per right", "shares"), rows


def _terms_table(answer: Answer[SeriesRow]) -> Cells:
    rows: list[Sequence[object]] = [
        (
            row.series,
            row.company,
            yen(plain(row.exercise_price)),
            None if row.price_per_share is None else yen(plain(row.price_per_share)),
            None if row.price_per_right is None else yen(plain(row.price_per_right)),
            row.exercise_from,
            row.exercise_until,
            row.replaces or "",
            ", ".join(row.replaced_by),
        )
        for row in answer
    ]
    headings = ["series", "company", "exercise a share", "price a share", "a right", "from", "until"]
    chain = ["replaces", "replaced by"]
    if not any(row.replaces or row.replaced_by for row in answer):
        return headings, [row[: len(headings)] for row in rows]
    return headings + chain, rows


def _eligibility_table(answer: Answer[EligibilityRow]) -> Cells:
    rows: list[Sequence[object]] = [
        (
            row.series,
            _holder(row),
            row.rights,
            row.shares,
            yen(row.payment),
            "yes" if row.eligible else f"no: {_heading(row.reason or '').replace('-', ' ')}",
            row.from_,
            row.until,
        )
        for row in answer
    ]
    return ("series", "holder", "rights", "shares", "payment", "may exercise", "from", "until"), rows


def _exercises_table(answer: Answer[ExerciseRow]) -> Cells:
    due = _used(answer, ("shares_still_due",))
    rows: list[Sequence[object]] = [
        (
            row.version,
            row.series,
            _holder(row),
            row.on,
            row.rights,
            row.shares,
            *(getattr(row, name) for name in due),
            yen(row.payment),
            yen(row.capital),
            yen(row.capital_reserve),
        )
        for row in answer
    ]
    names = ("version", "series", "holder", "on", "rights", "shares", *map(_heading, due))
    return (*names, "payment", "capital", "reserve"), rows


def _history_table(answer: Answer[HistoryRow]) -> Cells:
    rows: list[Sequence[object]] = [
        (
            row.version,
            row.recorded_at[:16].replace("T", " ") + "Z",
            row.actor,
            row.type,
            row.entry.get("on") or row.entry.get("record_date"),
            _about(row.entry) if row.retracted_by is None else f"retracted by {row.retracted_by}: {_about(row.entry)}",
        )
        for row in answer
    ]
    return ("version", "recorded at", "actor", "type", "on", "about"), rows


def _about(entry: dict[str, Any]) -> str:
    """The fields of an entry that tell most, in a few words."""
    said = [str(entry[name]) for name in ("series", "company", "holder", "heir", "to", "position") if name in entry]
    if "rights" in entry:
        said.append(f"{entry['rights']:,} rights")
    if "ratio" in entry:
        said.append(f"× {entry['ratio']}")
    if "retracts" in entry:
        said.append(f"version {entry['retracts']}")
    return ", ".join(said)
