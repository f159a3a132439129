"""A workbook or CSV file as a plan: which of its sheets are read as what, their entries in order, each with an id."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final, cast

from ledger.domain.characters import shown
from ledger.domain.entries import Fact
from ledger.domain.spelling import did_you_mean
from ledger.domain.strict_json import malformed
from ledger.domain.timeline import placed_as
from ledger.domain.wellformed import entry_from
from ledger.exchange.plan import Place, Plan, Planned, Remark
from ledger.exchange.sheets.cells import folded
from ledger.exchange.sheets.columns import Sheet
from ledger.exchange.sheets.csv_reading import grid_of
from ledger.exchange.sheets.entries import Person, SheetReader
from ledger.exchange.sheets.grid import Grid
from ledger.exchange.sheets.ids import with_ids
from ledger.exchange.sheets.kinds import BY_WORD, HELP, MIXED, SHEETS
from ledger.exchange.sheets.workbook_reading import MOST_BYTES, grids_of, is_workbook
from ledger.people import Particulars
from ledger.text_file import bytes_up_to

RETRACTIONS: Final = frozenset({"retraction", "retractions", "取消", "訂正"})


def sheet_named(word: str) -> Sheet:
    """The kind of sheet that somebody names. Raises `MalformedError`."""
    found = BY_WORD.get(folded(word))
    if found is None:
        names = [each.name for each in SHEETS]
        malformed(f"there is no kind of sheet {shown(word)}{did_you_mean(word, names)}: {', '.join(names)}")
    return found


def sheet_plan(file: Path, *, today: date, sheet: str | None = None) -> Plan:
    """What a workbook or a CSV file would record.

    today: nobody is born later. sheet: what a file that is one sheet holds, where its headings do not say it.

    Raises `MalformedError` for what is neither or cannot be read; everything else that is wrong stands in the plan.
    """
    wanted = None if sheet is None else sheet_named(sheet)
    content = bytes_of(file)
    name = str(file)
    if is_workbook(content):
        return _plan_of_workbook(grids_of(content, name), wanted, name, today=today)
    refuse_others(content, name)
    grid = grid_of(content, name)
    reader = SheetReader(grid, wanted or BY_WORD.get(folded(file.stem)), today=today)
    reader.read()
    return _plan([reader], [])


def bytes_of(file: Path) -> bytes:
    """What is in a file, which is not empty. Raises `MalformedError`."""
    content = bytes_up_to(file, MOST_BYTES)
    if len(content) > MOST_BYTES:
        malformed(f"{file} has more than {MOST_BYTES:,} bytes: split it")
    if not content.strip():
        malformed(f"{file} is empty")
    return content


def refuse_others(content: bytes, name: str) -> None:
    """Tell of what is no CSV for certain, and what to do with it. Raises `MalformedError`."""
    begins = content[:256].lstrip(b"\xef\xbb\xbf \r\n\t")
    if begins.startswith(b"{"):
        malformed(f"{name} holds JSON: `rights record {name}` records entries in JSON Lines")
    if begins.startswith(b"%PDF"):
        malformed(f"{name} is a PDF: its tables have to be put into a workbook first (`rights template`)")
    if begins[:5].lower() in {b"<html", b"<!doc", b"<?xml"} or begins[:6].lower() == b"<table":
        malformed(f"{name} is a page of the web or XML, whatever its name says: save it as .xlsx or .csv")


def _plan_of_workbook(grids: Sequence[Grid], wanted: Sheet | None, name: str, *, today: date) -> Plan:
    used = [grid for grid in grids if grid.rows and folded(grid.name or "") not in HELP]
    left_out: list[Remark] = []
    readers: list[SheetReader] = []
    if wanted is not None:
        if len(used) != 1:
            malformed(f"{name} has {len(used)} sheets with something in them: --sheet says what a single one holds")
        readers.append(SheetReader(used[0], wanted, today=today))
    for grid in used if wanted is None else ():
        word = folded(grid.name or "")
        if word in BY_WORD or word in MIXED:
            readers.append(SheetReader(grid, BY_WORD.get(word), today=today, is_mixed=word in MIXED))
        else:
            left_out.append(_not_read(grid))
    if not readers:
        said = "; ".join(map(str, left_out)) or "all its sheets are empty"
        malformed(f"{name} has no sheet to read: {said}. `rights template` writes a workbook of all of them")
    for reader in readers:
        reader.read()
    return _plan(readers, left_out)


def _not_read(grid: Grid) -> Remark:
    """Say of a sheet that it is not read."""
    word = grid.name or ""
    if folded(word) in RETRACTIONS:
        return Remark(Place(shown(word)), "is not read: `rights retract` records a retraction")
    names = [name for each in SHEETS for name in (each.name, each.japanese)]
    return Remark(Place(shown(word)), f"is not read: no kind of sheet is called so{did_you_mean(word, names)}")


def _plan(readers: Iterable[SheetReader], left_out: Sequence[Remark]) -> Plan:
    """Put together what sheets hold."""
    entries: list[Planned] = []
    people: list[Person] = []
    problems: list[Remark] = []
    remarks = [*left_out]
    for reader in readers:
        entries += reader.entries
        people += reader.people
        problems += reader.problems
        remarks += reader.left_out
    problems += _twice(((each.entry.get("id"), each.place) for each in entries), "the id")
    problems += _twice(((each.holder, each.place) for each in people), "the holder")
    given = with_ids([each.entry for each in entries])
    named = [Planned(each.place, entry) for each, entry in zip(entries, given, strict=True)]
    named.sort(key=_rank)
    particulars: list[tuple[str, Particulars]] = [(each.holder, each.particulars) for each in people]
    return Plan(tuple(named), tuple(particulars), tuple(problems), tuple(remarks), is_typed=True)


def _rank(planned: Planned) -> tuple[date, int]:
    """Where an entry stands in the timeline, among others of one file."""
    placed = placed_as(cast(Fact, entry_from(planned.entry)), 0)  # no sheet holds retractions
    return placed.on, placed.rank


def _twice(named: Iterable[tuple[str | None, Place]], what: str) -> list[Remark]:
    """Problems of names that are given to two rows."""
    first: dict[str, Place] = {}
    found: list[Remark] = []
    for name, place in named:
        if name is not None and first.setdefault(name, place) is not place:
            found.append(Remark(place, f"{what} {shown(name)} is given in {first[name]} already"))
    return found
