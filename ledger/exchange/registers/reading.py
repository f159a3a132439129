"""A register kept elsewhere, read from a file: a workbook, or CSV in UTF-8 or CP932."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ledger.domain.characters import listed, shown
from ledger.domain.reasons import said
from ledger.domain.spelling import did_you_mean
from ledger.domain.strict_json import malformed
from ledger.exchange.registers.lines import Assumption, Register, is_register, register_in
from ledger.exchange.sheets.cells import folded
from ledger.exchange.sheets.csv_reading import grid_of
from ledger.exchange.sheets.grid import Grid
from ledger.exchange.sheets.reading import bytes_of, refuse_others
from ledger.exchange.sheets.workbook_reading import grids_of, is_workbook


def register_of(file: Path, *, sheet: str | None = None, columns: Mapping[str, str] | None = None) -> Register:
    """Read a register.

    sheet: of a workbook, where several have the headings of one. columns: headings by field, of those that are not to
    be recognised. Raises `MalformedError`, with all that is wrong in it.
    """
    content, name = bytes_of(file), str(file)
    if is_workbook(content):
        return _in_workbook(grids_of(content, name), name, sheet, columns)
    refuse_others(content, name)
    if sheet is not None:
        malformed(f"--sheet is of a workbook, and {name} is none")
    return register_in(grid_of(content, name), name=name, columns=columns)


def _in_workbook(grids: Sequence[Grid], name: str, sheet: str | None, columns: Mapping[str, str] | None) -> Register:
    used = [grid for grid in grids if grid.rows]
    if sheet is not None:
        names = [str(grid.name) for grid in used]
        found = [grid for grid in used if folded(str(grid.name)) == folded(sheet)]
        if not found:
            hint = did_you_mean(sheet, names)
            malformed(f"{name} has no sheet {shown(sheet)} with something in it{hint}: it has {listed(names)}")
        return register_in(found[0], name=name, columns=columns)
    if len(used) == 1:
        return register_in(used[0], name=name, columns=columns)
    registers = [grid for grid in used if is_register(grid, columns or {})]
    names = [str(grid.name) for grid in registers or used]
    if len(registers) != 1:
        which = "may be the register" if registers else "hold something, and none has the headings of a register"
        malformed(
            f"{name} has {len(names)} sheets that {which}: --sheet says which it is, of {listed(names) or 'none'}"
        )
    read = Assumption(None, said("the sheet {sheet} was read", sheet=names[0]))
    register = register_in(registers[0], name=name, columns=columns)
    return register._replace(assumptions=(read, *register.assumptions))
