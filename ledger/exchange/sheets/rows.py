"""A row of a sheet as values by field: each cell read for what its column is, everything wrong told with its place."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any, Final

from ledger.domain.characters import shown
from ledger.domain.errors import MalformedError
from ledger.domain.wellformed import CHECKS
from ledger.exchange.sheets.cells import READERS, WrongCellError, choice, choices_in, folded, ratio
from ledger.exchange.sheets.columns import Column, Sheet
from ledger.exchange.sheets.grid import Cell, Unread
from ledger.people import FIELDS, problem_with

INHERITANCE: Final = "terms.conditions.inheritance"
NOT_COMPARED: Final = frozenset({"example", "source"})
"""A template in another language has another document as its example's source."""

SAME: Final = frozenset(map(folded, ("同上", "〃", "″", "々", "''", '"', "same as above", "ditto")))
"""Written for the value of the row above, which need not be the row above once a sheet is sorted."""


def value_of(column: Column, cell: Cell, sheet: Sheet, *, today: date) -> Any:
    """What a cell says, as an entry has it, or as the particulars of a person have it.

    today: nobody is born later. Raises `WrongCellError`.
    """
    if isinstance(cell, Unread):
        raise WrongCellError(cell.says)
    if isinstance(cell, str) and folded(cell) in SAME:
        raise WrongCellError(f"is {shown(cell)}: write the value again in each row")
    match column.kind:
        case "ratio":
            value: Any = ratio(cell, sheet.kind or "")
        case "choice":
            value = choice(cell, column.choices)
        case "choices":
            value = choices_in(cell, column.choices)
        case kind:
            value = READERS[kind](cell)
    if column.field == INHERITANCE and value is not None:
        value = {"window": value}
    _check(column, value, sheet, today)
    return value


def _check(column: Column, value: Any, sheet: Sheet, today: date) -> None:
    name = column.field.rpartition(".")[2]
    if sheet.kind is None and name in FIELDS:
        says = problem_with(name, value, today)
        if says is not None:
            raise WrongCellError(says)
        return
    try:
        if name in CHECKS:
            CHECKS[name](name, value)
    except MalformedError as error:
        raise WrongCellError(error.message.removeprefix(f"`{name}` ")) from None


def content_of(sheet: Sheet, values: Mapping[str, Any]) -> dict[str, Any]:
    """The entry that the values of a row make, as JSON values: what goes without saying is left out.

    values: by field of the sheet's columns.
    """
    content: dict[str, Any] = {"type": sheet.kind}
    for column in sheet.columns:
        if column.field not in values or column.field == "example":
            continue
        value = values[column.field]
        if column.default is not None and value == column.default:
            continue
        *above, last = column.field.split(".")
        inside = content
        for name in above:
            inside = inside.setdefault(name, {})
        inside[last] = deepcopy(value)
    return content


@cache
def example_of(sheet: Sheet) -> Mapping[str, Any]:
    """The values of the template's example row."""
    return dict(_example_values(sheet))


def _example_values(sheet: Sheet) -> Iterator[tuple[str, Any]]:
    for column in sheet.columns:
        if column.example is not None and column.field not in NOT_COMPARED:
            cell = column.example if isinstance(column.example, int) else str(column.example)
            yield column.field, value_of(column, cell, sheet, today=date.max)


def is_example(sheet: Sheet, values: Mapping[str, Any]) -> bool:
    """Whether the values of a row are those of the template's example."""
    return {field: value for field, value in values.items() if field not in NOT_COMPARED} == example_of(sheet)
