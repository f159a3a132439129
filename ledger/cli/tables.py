"""The tables of answers that people read: what says something, in a few columns."""

from collections.abc import Iterable, Sequence
from typing import Any

from ledger.answers import Answer
from ledger.cli.render import yen
from ledger.projections.rows import EligibilityRow, ExerciseRow, HistoryRow, HoldingRow, SeriesRow, plain

Table = tuple[Sequence[str], list[Sequence[object]]]
"""Headings and rows."""


def holder_of(row: Any) -> str:
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


def holdings_table(answer: Answer[HoldingRow]) -> Table:
    """Where the rights of each holding went."""
    columns = [*_used(answer, ("allotted", "received")), "outstanding", *_used(answer, WAYS)]
    rows: list[Sequence[object]] = [
        (row.series, holder_of(row), *(getattr(row, name) for name in columns), row.shares_per_right, row.shares)
        for row in answer
    ]
    if len({row.series for row in answer}) == 1 and len(rows) > 1:
        sums = [sum(getattr(row, name) for row in answer) for name in columns]
        rows.append(("", "total", *sums, "", sum(row.shares for row in answer)))
    return ("series", "holder", *map(_heading, columns), "per right", "shares"), rows


def series_table(answer: Answer[SeriesRow]) -> Table:
    """Where the rights of each series went."""
    columns = [*_used(answer, ("allotted", "received")), "outstanding", *_used(answer, WAYS[:-1])]
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


def eligibility_table(answer: Answer[EligibilityRow]) -> Table:
    """Who may exercise, and the window."""
    rows: list[Sequence[object]] = [
        (
            row.series,
            holder_of(row),
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


def exercises_table(answer: Answer[ExerciseRow]) -> Table:
    """What each exercise delivered, paid and raised."""
    due = _used(answer, ("shares_still_due",))
    rows: list[Sequence[object]] = [
        (
            row.version,
            row.series,
            holder_of(row),
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


def history_table(answer: Answer[HistoryRow]) -> Table:
    """Every entry in a line."""
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
