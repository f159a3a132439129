"""The tables of answers that people read: what says something, in a few columns."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from ledger.answers import Answer
from ledger.clock import JAPAN
from ledger.projections.rows import EligibilityRow, ExerciseRow, HistoryRow, HoldingRow, SeriesRow, plain
from ledger.reports.cells import Yen, holder_of
from ledger.reports.entry_words import about, effective_on
from ledger.reports.language import text

Table = tuple[Sequence[str], list[Sequence[object]]]
"""Headings and rows."""


def used(answer: Iterable[Any], names: Sequence[str]) -> list[str]:
    """The columns that say something: those in which some row is not 0."""
    rows = list(answer)
    return [name for name in names if any(getattr(row, name) for row in rows)]


def _heading(name: str) -> str:
    return name.replace("_", " ")


WAYS = ("exercised", "lapsed", "waived", "acquired", "extinguished", "replaced", "passed_on")


def holdings_table(answer: Answer[HoldingRow]) -> Table:
    """Where the rights of each holding went."""
    columns = [*used(answer, ("allotted", "received")), "outstanding", *used(answer, WAYS)]
    rows: list[Sequence[object]] = [
        (row.series, holder_of(row), *(getattr(row, name) for name in columns), row.shares_per_right, row.shares)
        for row in answer
    ]
    if len({row.series for row in answer}) == 1 and len(rows) > 1:
        sums = [sum(getattr(row, name) for row in answer) for name in columns]
        rows.append(("", text("total"), *sums, "", sum(row.shares for row in answer)))
    return ("series", "holder", *map(_heading, columns), "per right", "shares"), rows


def series_table(answer: Answer[SeriesRow]) -> Table:
    """Where the rights of each series went."""
    columns = [*used(answer, ("allotted", "received")), "outstanding", *used(answer, WAYS[:-1])]
    rows: list[Sequence[object]] = [
        (row.series, row.max_rights, *(getattr(row, name) for name in columns), row.shares_per_right, row.shares)
        for row in answer
    ]
    return ("series", "maximum", *map(_heading, columns), "per right", "shares"), rows


def terms_table(answer: Answer[SeriesRow]) -> Table:
    """Prices and periods of each series, and the chain of item 9 where there is one."""
    rows: list[Sequence[object]] = [
        (
            row.series,
            row.company,
            Yen(plain(row.exercise_price)),
            None if row.price_per_share is None else Yen(plain(row.price_per_share)),
            None if row.price_per_right is None else Yen(plain(row.price_per_right)),
            row.exercise_from,
            row.exercise_until,
            row.replaces or "",
            ", ".join(row.replaced_by),
        )
        for row in answer
    ]
    headings = ["series", "company", "exercise price", "price per share", "price per right", "from", "until"]
    chain = ["replaces", "replaced by"]
    if not any(row.replaces or row.replaced_by for row in answer):
        return headings, [row[: len(headings)] for row in rows]
    return headings + chain, rows


def eligibility_table(answer: Answer[EligibilityRow]) -> Table:
    """Who may exercise, and the window."""
    rows: list[Sequence[object]] = [
        (
            row.series,
            holder_of(row),
            row.rights,
            row.shares,
            Yen(row.payment),
            text("yes") if row.eligible else text("no: {reason}", reason=text((row.reason or "").replace("-", " "))),
            row.from_,
            row.until,
        )
        for row in answer
    ]
    return ("series", "holder", "rights", "shares", "payment", "may exercise", "from", "until"), rows


def exercises_table(answer: Answer[ExerciseRow]) -> Table:
    """What each exercise delivered, paid and raised."""
    due = used(answer, ("shares_still_due",))
    amounts = ("payment", "capital", "capital_reserve")
    rows: list[Sequence[object]] = [
        (
            row.version,
            row.series,
            holder_of(row),
            row.on,
            row.rights,
            row.shares,
            *(getattr(row, name) for name in due),
            *(Yen(getattr(row, name)) for name in amounts),
        )
        for row in answer
    ]
    if len(rows) > 1:
        sums = [sum(getattr(row, name) for row in answer) for name in ("rights", "shares", *due)]
        rows.append(
            ("", "", text("total"), "", *sums, *(Yen(sum(getattr(row, name) for row in answer)) for name in amounts))
        )
    names = ("version", "series", "holder", "on", "rights", "shares", *map(_heading, due))
    return (*names, "payment", "capital", "reserve"), rows


def history_table(answer: Answer[HistoryRow]) -> Table:
    """Every entry in a line; the time of recording is Japan's, as all days are."""
    users = used(answer, ("database_user",))
    late = used(answer, ("backdated_days",))
    rows: list[Sequence[object]] = [
        (
            row.version,
            datetime.fromisoformat(row.recorded_at).astimezone(JAPAN),
            row.actor,
            *(getattr(row, name) for name in users),
            text(row.type),
            effective_on(row.entry),
            *(getattr(row, name) or "" for name in late),
            _told(row),
        )
        for row in answer
    ]
    names = ("version", "recorded (JST)", "actor (claimed)", *map(_heading, users), "type", "on")
    return (*names, *(["days late"] if late else []), "about"), rows


def _told(row: HistoryRow) -> str:
    """What an entry says, with the note of a retraction, and what retracted it."""
    said = about(row.entry)
    if "retracts" in row.entry and "note" in row.entry:
        said = text(", ").join((said, row.entry["note"]))
    return (
        said
        if row.retracted_by is None
        else text("retracted by {version}: {about}", version=row.retracted_by, about=said)
    )
