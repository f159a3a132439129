"""Sheets made up for tests."""

from ledger.exchange.sheets.grid import Cell, Grid, Row

Written = tuple[Cell | None, ...]


def sheet(*rows: Written, name: str | None = None, hidden: tuple[int, ...] = ()) -> Grid:
    """A sheet of these rows, from the first on; a cell that is None or empty is not there."""
    numbered = (
        (number, {column: cell for column, cell in enumerate(cells, start=1) if cell not in {None, ""}})
        for number, cells in enumerate(rows, start=1)
    )
    return Grid(name, [Row(number, found, number in hidden) for number, found in numbered if found])
