"""Which row of a sheet holds its headings, what each of them means, and what kind of sheet they make it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

from ledger.domain.characters import listed
from ledger.exchange.sheets.cells import folded, plain
from ledger.exchange.sheets.columns import Column, Sheet
from ledger.exchange.sheets.grid import Grid, Row
from ledger.exchange.sheets.kinds import SHEETS

SEARCHED: Final = 20
"""Rows among which the headings are: exports have some lines above them."""

MOST_COLUMNS: Final = 300
LONGEST: Final = 200
"""Characters of a heading."""

ALIKE: Final = 0.8
"""From here on an unknown heading is a known one mistyped; below it is a column of somebody else's."""

TYPE: Final = Column("type", "type", "種別", "text", ("取引種別", "entry type", "事由種別"), required=True)
"""Says of each row what it is, where rows of several kinds stand in one sheet."""

_AROUND: Final = re.compile(r"^[*※●]+|[*※]+$|[(\[](?:必須|任意|required|optional|個|株|円|yen|rights|shares)[)\]]$")
_BETWEEN: Final = re.compile(r"[\s_\-]+")


class Headings(NamedTuple):
    """The row of headings. sheet: None where the column `type` says it row by row. texts: by column, as they stand."""

    row: int
    sheet: Sheet | None
    texts: Mapping[int, str]


@lru_cache(4_096)
def key(heading: str) -> str:
    """A heading as it is compared.

    >>> key("個数（個）＊"), key("Price_per share *"), key("回号 (必須)")
    ('個数', 'pricepershare', '回号')
    """
    text = folded(heading)
    while (bare := _AROUND.sub("", text).strip()) != text:
        text = bare
    return _BETWEEN.sub("", text)


@cache
def columns_by_key(sheet: Sheet) -> Mapping[str, Column]:
    """The columns of a sheet by every heading that means them."""
    found: dict[str, Column] = {}
    for column in sheet.columns:
        for word in (column.heading, column.japanese, column.field, *column.synonyms):
            found.setdefault(key(word), column)
    for column in sheet.columns:  # what is nested, by its own name where that is free
        found.setdefault(key(column.field.rpartition(".")[2]), column)
    return found


@cache
def _keys_of_type() -> frozenset[str]:
    return frozenset(map(key, (TYPE.heading, TYPE.japanese, *TYPE.synonyms)))


def is_type(heading: str) -> bool:
    """Whether a heading is that of the column `type`."""
    return key(heading) in _keys_of_type()


def column_of(heading: str, sheet: Sheet) -> Column | None:
    """The column of a sheet that a heading means."""
    return columns_by_key(sheet).get(key(heading))


def is_known(heading: str, sheet: Sheet | None) -> bool:
    """Whether a heading means a column of a sheet; where rows are of several kinds, of any."""
    return any(column_of(heading, each) for each in ((sheet,) if sheet else SHEETS)) or (not sheet and is_type(heading))


def like(heading: str, sheet: Sheet | None) -> str:
    """Words that say which heading was probably meant, or nothing."""
    from difflib import get_close_matches

    words = {
        folded(word): word
        for each in ((sheet,) if sheet else SHEETS)
        for column in each.columns
        for word in (column.heading, column.japanese, *column.synonyms)
    }
    close = get_close_matches(folded(heading), words, n=1, cutoff=ALIKE)
    meant = column_of(words[close[0]], sheet) if close and sheet else None
    if meant is not None and meant.field == "holder" and key(heading).endswith(("氏名", "名前", "name")):
        return " (ids are wanted there: the holder's id, as in `rights holdings`)"
    return f" (did you mean {words[close[0]]}?)" if close else ""


def headings_of(grid: Grid, sheet: Sheet | None, *, is_mixed: bool = False) -> Headings | str:
    """The headings of a sheet of a kind, or why there are none, in words.

    sheet: None where the headings say what kind it is, or, where `is_mixed`, the column `type` does.
    """
    rows = [row for row in grid.rows if row.number <= SEARCHED]
    if sheet is not None:
        best = _best(rows, sheet)
        return best if best is not None else _none_among(sheet)
    for row in rows:
        if any(map(is_type, _texts(row).values())) and sum(is_known(each, None) for each in _texts(row).values()) > 1:
            return Headings(row.number, None, _texts(row))
    if is_mixed:
        return f"there is no column {TYPE.heading} ({TYPE.japanese}) that says of each row what it is"
    return _kind_by_headings(rows)


def _texts(row: Row) -> dict[int, str]:
    """What may be headings in a row: texts of some words, in the columns that a list of people's has."""
    return {
        number: plain(cell)
        for number, cell in row.cells.items()
        if number <= MOST_COLUMNS and isinstance(cell, str) and cell.strip() and len(cell) <= LONGEST
    }


def _matches(texts: Iterable[str], sheet: Sheet) -> set[str]:
    """The fields that headings mean."""
    return {column.field for column in (column_of(each, sheet) for each in texts) if column is not None}


def _best(rows: Sequence[Row], sheet: Sheet) -> Headings | None:
    """The first row that has the most headings of a sheet."""
    counts = [len(_matches(_texts(row).values(), sheet)) for row in rows]
    if not any(counts):
        return None
    row = rows[counts.index(max(counts))]
    return Headings(row.number, sheet, _texts(row))


def _none_among(sheet: Sheet) -> str:
    wanted = listed([f"{each.heading} ({each.japanese})" for each in sheet.columns if each.required])
    return f"there are no headings of {sheet.name} in the first {SEARCHED} rows: {wanted} are wanted"


def _kind_by_headings(rows: Sequence[Row]) -> Headings | str:
    """The one kind of sheet whose headings these are.

    It has every column that is required, and more of the headings than any other kind. Where there are headings of
    somebody else's, one of them must be of that kind alone: dates and counts are in every list.
    """
    found: list[tuple[int, Headings]] = []
    for sheet in SHEETS:
        best = _best(rows, sheet)
        if best is None:
            continue
        fields = _matches(best.texts.values(), sheet)
        if {each.field for each in sheet.columns if each.required} <= fields and _tells(best, sheet):
            found.append((len(fields), best))
    most = max((count for count, _ in found), default=0)
    best_ones = [headings for count, headings in found if count == most]
    if len(best_ones) == 1:
        return best_ones[0]
    could = " or ".join(each.sheet.name for each in best_ones if each.sheet)
    what = f"they could be {could}" if could else f"they have not all that any kind of sheet requires{_nearest(rows)}"
    return (
        f"the headings do not say what the rows are: {what}; say so by --sheet, such as --sheet exercises, or by a"
        f" column {TYPE.heading} ({TYPE.japanese})"
    )


def _nearest(rows: Sequence[Row]) -> str:
    """Words that say which kind of sheet lacks least, and what; or nothing."""
    found: list[tuple[int, int, str]] = []
    for number, sheet in enumerate(SHEETS):
        best = _best(rows, sheet)
        fields = _matches(best.texts.values(), sheet) if best is not None else set()
        lacks = [
            f"{each.heading} ({each.japanese})" for each in sheet.columns if each.required and each.field not in fields
        ]
        if len(fields) > 1 and lacks:
            found.append((len(lacks) - len(fields), number, f"{sheet.name}, which also wants {listed(lacks)}"))
    return f" (nearest: {min(found)[-1]})" if found else ""


def _tells(headings: Headings, sheet: Sheet) -> bool:
    texts = headings.texts.values()
    if all(column_of(each, sheet) for each in texts):
        return True
    others = [each for each in SHEETS if each is not sheet]
    return any(column_of(each, sheet) and not any(column_of(each, other) for other in others) for each in texts)
