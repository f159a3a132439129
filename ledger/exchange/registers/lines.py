"""The lines of a register kept elsewhere, such as a trust bank's list: who, in which series, and how many.

Its columns are known by their headings, in English or Japanese, below whatever stands above them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from ledger.domain.characters import listed, shown
from ledger.domain.errors import MalformedError
from ledger.domain.reasons import Said, said
from ledger.domain.spelling import did_you_mean
from ledger.exchange.plan import Place, Remark
from ledger.exchange.registers.names import joined, likeness
from ledger.exchange.sheets.cells import WrongCellError, count, plain
from ledger.exchange.sheets.grid import Cell, Grid, Row, Unread

FIGURES: Final = ("rights", "shares", "shares_per_right")
PERSONS: Final = ("holder", "name", "kana", "roman")
"""Columns that say who holds: by an id, or by a name as it is written, read, or in Latin letters."""
FROM: Final = ("inherited_from", "transferred_from")

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "series": (
        *("series", "回号", "回次", "発行回号", "発行回", "新株予約権の回号", "新株予約権回号", "シリーズ"),
        *("新株予約権の名称", "新株予約権名", "銘柄", "銘柄名", "名称", "新株予約権", "series name"),
    ),
    "holder": (
        *(
            "holder",
            "holder id",
            "id",
            "保有者ID",
            "保有者番号",
            "新株予約権者番号",
            "権利者番号",
            "新株予約権者コード",
        ),
        *("社員番号", "役員番号", "社員コード"),
    ),
    "name": (
        *(
            "name",
            "holder name",
            "氏名",
            "氏名又は名称",
            "氏名または名称",
            "新株予約権者の氏名又は名称",
            "新株予約権者名",
        ),
        *(
            "新株予約権者氏名",
            "新株予約権者",
            "保有者名",
            "保有者氏名",
            "保有者",
            "権利者名",
            "権利者",
            "名義人",
            "株主名",
            "kanji",
        ),
        *("漢字氏名", "氏名漢字"),
    ),
    "kana": ("kana", "フリガナ", "ふりがな", "カナ", "氏名カナ", "カナ氏名", "カナ名"),
    "roman": ("roman", "ローマ字", "氏名ローマ字", "ローマ字氏名", "英字氏名", "name in Latin letters"),
    "inherited_from": ("inherited from", "被相続人", "相続元", "承継元"),
    "transferred_from": ("transferred from", "譲渡人", "譲渡元", "譲受元", "取得元"),
    "rights": (
        *(
            "rights",
            "rights outstanding",
            "outstanding",
            "number of rights",
            "rights held",
            "保有個数",
            "残存個数",
            "未行使個数",
        ),
        *(
            "保有新株予約権の数",
            "保有新株予約権数",
            "新株予約権の個数",
            "新株予約権個数",
            "新株予約権の数",
            "新株予約権数",
            "残高個数",
        ),
        *("保有数", "個数", "残存", "残高"),
    ),
    "shares": (
        *(
            "shares",
            "number of shares",
            "目的である株式の数",
            "目的となる株式の数",
            "目的株式数",
            "株式の数",
            "株式数",
            "株数",
        ),
        *("新株予約権の目的である株式の数", "新株予約権の目的となる株式の数"),
    ),
    "shares_per_right": (
        *(
            "shares per right",
            "per right",
            "付与株式数",
            "1個当たりの付与株式数",
            "1個当たり付与株式数",
            "1個当たり株数",
        ),
        *("1個当たりの株式数", "1個当たりの目的である株式の数", "新株予約権1個当たりの目的である株式の数"),
    ),
}
"""Headings of each field; where a register has several of them, the first counts."""

TOTALS: Final = frozenset({"合計", "計", "総計", "総合計", "小計", "total", "grandtotal", "subtotal", "sum"})
SUBTOTALS: Final = frozenset({"小計", "subtotal"})
_TOTAL_OF: Final = re.compile("(.+?)(?:合計|小計|総計|subtotal|total)")
_UNIT: Final = re.compile(r"[((\[【〔].*?[))\]】〕]")
MOST_ABOVE: Final = 50
"""Rows that may stand above the headings."""
MOST_TOLD: Final = 20


class Assumption(NamedTuple):
    """What was taken for what. row: of the register; None where it is of the whole."""

    row: int | None
    says: Said


class RegisterLine(NamedTuple):
    """A line of a register, as it is written there; what is empty, or has no column, is None.

    total: ``""`` of a line about a holder; else `all`, of everything, or `series`, of the series named or above.
    """

    row: int
    series: str | None = None
    holder: str | None = None
    name: str | None = None
    kana: str | None = None
    roman: str | None = None
    inherited_from: str | None = None
    transferred_from: str | None = None
    rights: int | None = None
    shares: int | None = None
    shares_per_right: int | None = None
    total: str = ""


class Register(NamedTuple):
    """A register kept elsewhere. columns: the heading of each field that it has, as it stands there."""

    columns: Mapping[str, str]
    lines: tuple[RegisterLine, ...]
    assumptions: tuple[Assumption, ...] = ()


def register_in(grid: Grid, *, name: str = "the register", columns: Mapping[str, str] | None = None) -> Register:
    """Read a register. name: of its file. columns: headings by field, of those that are not to be recognised.

    Raises `MalformedError` where no row has the headings, and with all that is wrong in the lines, by row and column.
    """
    head, by_field = _headings(grid, name, columns or {})
    headings = {field: plain(head.cells[number]) for field, number in by_field.items()}
    taken = [
        said("{heading} for {field}", heading=heading, field=_word(field))
        for field, heading in headings.items()
        if _folded(heading) != _folded(field)
    ]
    assumptions = [Assumption(head.number, said("columns: {taken}", taken=joined(taken)))] if taken else []
    assumptions += _hidden(grid, head.number, by_field, headings)
    problems: list[Remark] = []
    lines: list[RegisterLine] = []
    for row in grid.rows:
        if row.number > head.number:
            line = _line(row, grid.name, by_field, headings, problems)
            if row.is_hidden:
                assumptions.append(Assumption(row.number, said("the row is hidden, and counts")))
            if line is not None:
                lines.append(_below(line, lines, assumptions, has_series="series" in by_field))
            elif not problems or problems[-1].place.row != row.number:
                assumptions.append(Assumption(row.number, said("neither a holder nor a figure: taken for a note")))
    if problems:
        told = "; ".join(map(str, problems[:MOST_TOLD]))
        more = f"; and {len(problems) - MOST_TOLD:,} more" if len(problems) > MOST_TOLD else ""
        count_ = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
        raise MalformedError("malformed", f"{name} has {count_}: {told}{more}")
    return Register(headings, tuple(lines), tuple(assumptions))


def _hidden(grid: Grid, head: int, by_field: Mapping[str, int], headings: Mapping[str, str]) -> Iterator[Assumption]:
    """What somebody who looks at the sheet does not see."""
    if grid.is_hidden:
        yield Assumption(None, said("the sheet is hidden, and counts"))
    for field, number in by_field.items():
        if any(number in columns for columns in grid.hidden_columns):
            yield Assumption(head, said("the column {heading} is hidden, and counts", heading=headings[field]))


def _word(field: str) -> Said:
    return {
        "series": said("the series"),
        "holder": said("the holder's id"),
        "name": said("the name"),
        "kana": said("the name as it is read"),
        "roman": said("the name in Latin letters"),
        "inherited_from": said("whom the rights were inherited from"),
        "transferred_from": said("who passed the rights on"),
        "rights": said("the rights outstanding"),
        "shares": said("the shares"),
        "shares_per_right": said("the shares per right"),
    }[field]


@lru_cache(maxsize=1_024)
def _folded(heading: str) -> str:
    """A heading as headings are compared: neither width, case, spaces, units in brackets nor old characters matter."""
    key = likeness(heading.replace("_", " ")).key
    return _UNIT.sub("", key) or key


def _headings(grid: Grid, name: str, columns: Mapping[str, str]) -> tuple[Row, dict[str, int]]:
    """The row of headings, and which column each field has."""
    of_register = _row_of_headings(grid, columns)
    if of_register is not None:
        return of_register
    where = "" if grid.name is None else f" of sheet {grid.name}"
    rows = grid.rows[:MOST_ABOVE]
    seen = max((_texts(row) for row in rows), key=len, default=[])
    for field, heading in columns.items():
        if not any(_folded(heading) == _folded(each) for row in rows for each in _texts(row)):
            hint = did_you_mean(heading, seen)
            raise MalformedError(
                "malformed",
                f"{name}: no row{where} has the heading {shown(heading)}, which --column {field} names{hint}; the"
                f" headings seem to be {listed(seen)}",
            )
    raise MalformedError(
        "malformed",
        f"{name}: no row{where} has headings of a register: one column says who holds (氏名, holder), another how many"
        " (保有個数, rights); --column rights=HEADING says which it is"
        + (f"; the headings seem to be {listed(seen)}" if seen else ""),
    )


def is_register(grid: Grid, columns: Mapping[str, str]) -> bool:
    """Whether a sheet has the headings of a register. columns: as of `register_in`."""
    return _row_of_headings(grid, columns) is not None


def _row_of_headings(grid: Grid, columns: Mapping[str, str]) -> tuple[Row, dict[str, int]] | None:
    for row in grid.rows[:MOST_ABOVE]:
        found = _fields_of(row, columns)
        if columns.keys() <= found.keys() and {*FIGURES} & found.keys() and {*PERSONS} & found.keys():
            return row, found
    return None


def _texts(row: Row) -> list[str]:
    return [cell for cell in row.cells.values() if isinstance(cell, str)]


def _fields_of(row: Row, columns: Mapping[str, str]) -> dict[str, int]:
    """The number of the column of each field that a row of headings names."""
    by_heading: dict[str, int] = {}
    for number, cell in sorted(row.cells.items()):
        if isinstance(cell, str):
            by_heading.setdefault(_folded(cell), number)
    found: dict[str, int] = {}
    for field, words in WORDS.items():
        wanted = (columns[field],) if field in columns else words
        place = next((by_heading[_folded(each)] for each in wanted if _folded(each) in by_heading), None)
        if place is not None:
            found[field] = place
    return found


def _line(
    row: Row,
    sheet: str | None,
    by_field: Mapping[str, int],
    headings: Mapping[str, str],
    problems: list[Remark],
) -> RegisterLine | None:
    """A row as a line; None where it says nothing of a holder, or where something is wrong with it."""
    before = len(problems)
    texts: dict[str, Any] = {}
    figures: dict[str, Any] = {}
    for field, number in by_field.items():
        cell = row.cells.get(number)
        if cell is None or cell == "":
            continue
        try:
            if field in FIGURES:
                figures[field] = count(_readable(cell))
            else:
                texts[field] = plain(_readable(cell))
        except WrongCellError as error:
            problems.append(Remark(Place(sheet, row.number, headings[field]), error.says))
    texts = {field: text for field, text in texts.items() if text}
    if len(problems) > before:
        return None
    total, series = _total(texts, row)
    if total:
        return RegisterLine(row.number, series, **figures, total=total) if figures else None
    is_named = bool({*PERSONS} & texts.keys())
    if is_named and not figures:
        wanted = ", ".join(headings[field] for field in FIGURES if field in headings)
        problems.append(Remark(Place(sheet, row.number), f"names a holder and no figure: write one under {wanted}"))
        return None
    if figures and not is_named:
        wanted = ", ".join(headings[field] for field in PERSONS if field in headings)
        problems.append(Remark(Place(sheet, row.number), f"has a figure and names no holder: name one under {wanted}"))
        return None
    return RegisterLine(row.number, **texts, **figures) if is_named else None


def _readable(cell: Cell) -> Cell:
    if isinstance(cell, Unread):
        raise WrongCellError(cell.says)
    return cell


def _total(texts: Mapping[str, str], row: Row) -> tuple[str, str | None]:
    """Whether a row is a total, as `RegisterLine` says it, and of which series as it is written there."""
    keys = {field: likeness(text).key for field, text in texts.items() if field == "series" or field in PERSONS}
    of_series = [found[1] for each in keys.values() if each not in TOTALS and (found := _TOTAL_OF.fullmatch(each))]
    if of_series:
        return "series", of_series[0]
    words = {*keys.values()} if keys else {likeness(each).key for each in _texts(row)}
    words &= TOTALS
    if not words or any(keys[field] not in TOTALS for field in PERSONS if field in keys):
        return "", None
    series = None if keys.get("series") in TOTALS else texts.get("series")
    return "series" if series is not None or words <= SUBTOTALS else "all", series


def _below(
    line: RegisterLine, above: Sequence[RegisterLine], assumptions: list[Assumption], *, has_series: bool
) -> RegisterLine:
    """A line with the series of the line above it, where its own cell is empty."""
    if line.series is not None or not has_series or line.total == "all" or not above:
        return line
    series = above[-1].series
    if series is not None and not line.total:
        assumptions.append(
            Assumption(line.row, said("its series is empty: that of the row above, {series}", series=series))
        )
    return line._replace(series=series)
