"""What a page knows: the answers of every day as changes, so that its script looks up and reckons nothing."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from msgspec import Struct

from ledger.domain.state import HoldingKey
from ledger.domain.strict_json import MAX_COUNT
from ledger.life import Life
from ledger.projections.report_rows import DeadlineRow
from ledger.projections.rows import EligibilityRow, ExerciseRow, HoldingRow, Row, SeriesRow, names
from ledger.projections.through_time import Change
from ledger.reports.language import language, text
from ledger.reports.page_entries import COLUMNS, entry_row, holders_of
from ledger.reports.page_names import label, shown
from ledger.reports.page_words import words

KEY: Final = ("series", "holder", "inherited_from", "transferred_from")
_ESCAPES: Final = str.maketrans({each: f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"})


class Asked(Struct, frozen=True):
    """What a page was asked.

    as_of: the day it opens at. today: of the clock. known_at: as people read it, or None. is_live: from `rights serve`.
    spellings: the names of holders in every script, to search by; none where ids alone are shown.
    """

    as_of: date
    today: date
    known_at: str | None = None
    is_live: bool = False
    spellings: Mapping[str, Sequence[str]] = {}


def page_data(life: Life, asked: Asked) -> dict[str, Any]:
    """What the script of a page reads, as JSON values.

    days: on which anything changes; everything else names them by their place. Rows are their keys, and changes: the
    place of a day, and the values from that day on (none where there is no such row any more), by `names`.
    """
    through = life.through
    place = {day: number for number, day in enumerate(through.days)}
    people = dict.fromkeys(_people(life))
    return {
        "language": language(),
        "ledger": shown(life.ledger),
        "version": life.version,
        "root": life.root,
        "today": asked.today.isoformat(),
        "as_of": asked.as_of.isoformat(),
        "is_live": asked.is_live,
        "known": [] if asked.known_at is None else [text("known at {moment}", moment=asked.known_at)],
        "days": [day.isoformat() for day in through.days],
        "names": {
            "holdings": names(HoldingRow)[len(KEY) :],
            "eligibility": names(EligibilityRow)[len(KEY) :],
            "series": names(SeriesRow)[1:],
            "deadlines": names(DeadlineRow),
            "exercises": names(ExerciseRow),
            "entries": COLUMNS,
        },
        "holdings": _by_holding(through.holdings, place),
        "eligibility": _by_holding(through.eligibility, place),
        "series": [[shown(name), _changes(changes, place, drop=1)] for name, changes in through.series.items()],
        "deadlines": [
            [each.from_.isoformat(), None if each.until is None else each.until.isoformat(), *_values(each.row)]
            for each in through.deadlines
        ],
        "exercises": [_values(row) for row in life.exercises],
        "entries": [[_exact(each) for each in entry_row(row)] for row in life.history],
        "companies": {shown(each): shown(name) for each, name in life.companies.items()},
        "dissolved": dict(_restructured(life, "merger")),
        "share_changes": [
            [each.on.isoformat(), shown(each.company), each.kind, str(each.ratio)] for each in life.share_changes
        ],
        "restructured": [[on, company] for company, on in _restructured(life)],
        "labels": {shown(each): label(each) for each in people if label(each) != shown(each)},
        "spellings": {
            shown(each): [shown(name) for name in asked.spellings[each]] for each in people if each in asked.spellings
        },
        "words": words(),
    }


def as_script(data: Mapping[str, Any]) -> str:
    r"""JSON that ends no element and no line of the page it stands in.

    >>> as_script({"note": "</script>\u2028&"})
    '{"note":"\\u003c/script\\u003e\\u2028\\u0026"}'
    """
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def _by_holding(found: Mapping[HoldingKey, Sequence[Change[Any]]], place: Mapping[date, int]) -> list[list[object]]:
    return [
        [*(None if part is None else shown(part) for part in _key(key)), _changes(changes, place, drop=len(KEY))]
        for key, changes in found.items()
    ]


def _key(key: HoldingKey) -> tuple[str | None, ...]:
    return key.series, key.holder, key.inherited_from, key.transferred_from


def _changes(changes: Sequence[Change[Any]], place: Mapping[date, int], *, drop: int) -> list[list[object]]:
    return [[place[each.on], *([] if each.row is None else _values(each.row)[drop:])] for each in changes]


def _values(row: Row) -> list[object]:
    return [_exact(value) for value in row.to_dict().values()]


def _exact(value: object) -> object:
    """A value that a script reads without loss: numbers of 2⁵³ and more as text; texts as they may be shown."""
    match value:
        case bool() | None:
            return value
        case int():
            return value if abs(value) < MAX_COUNT else str(value)
        case str():
            return shown(value)
        case list():
            return [_exact(each) for each in value]
        case _:
            return value


def _restructured(life: Life, *kinds: str) -> Iterator[tuple[str, str]]:
    """Companies that were restructured, and the days; in these ways, or in any."""
    for row in life.history:
        if row.type == "restructuring" and row.retracted_by is None and (not kinds or row.entry["kind"] in kinds):
            yield shown(row.entry["company"]), row.entry["on"]


def _people(life: Life) -> Iterator[str]:
    for key in life.through.holdings:
        yield from (each for each in (key.holder, key.inherited_from, key.transferred_from) if each is not None)
    for row in life.history:
        yield from holders_of(row.entry)
