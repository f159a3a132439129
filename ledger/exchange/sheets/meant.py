"""Names where ids are wanted: who types a list knows people by their names, and series by the number of their issue.

A name in an entry could never be taken out again, and a series by another name is no series. Neither is guessed at: the
id that is meant is told.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from ledger.book import Book
from ledger.domain.characters import listed, shown
from ledger.domain.spans import LAST_DAY
from ledger.exchange.plan import Plan, Planned, Remark
from ledger.exchange.registers.names import likeness
from ledger.exchange.registers.recognising import SeriesNames

OF_HOLDERS: Final = ("holder", "heir", "to", "inherited_from", "transferred_from")
NAMES: Final = ("kanji", "kana", "roman")


def names_for_ids(plan: Plan, book: Book) -> list[Remark]:
    """Problems of a plan whose entries name somebody, or a series, in another way than by the id.

    Names are those of the directory of people and of the file's own holders, whatever their spaces and widths.
    """
    return [*_of_holders(plan, book), *_of_series(plan.entries, book)]


def _of_holders(plan: Plan, book: Book) -> Iterator[Remark]:
    known = {*book.names("holder"), *(holder for holder, _ in plan.people)}
    written = [
        (each, field, value) for each in plan.entries for field, value in _holders_in(each.entry) if value not in known
    ]
    named = _by_name(plan, book) if written else {}
    for each, field, value in written:
        holders = named.get(likeness(value).key)
        if holders and value not in holders:
            says = (
                f"{shown(value)} is the name of {listed(sorted(holders))}: entries hold ids and no names; write the id"
            )
            yield Remark(each.place._replace(column=field), says)


def _holders_in(entry: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for field in OF_HOLDERS:
        value = entry.get(field)
        if isinstance(value, str):
            yield field, value
    several = entry.get("holders")
    yield from (("holders", str(each)) for each in (several if isinstance(several, list | tuple) else ()))


def _by_name(plan: Plan, book: Book) -> dict[str, set[str]]:
    """Who bears a name, by what spellings of it have in common."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    directory = ((each.holder, {name: getattr(each, name) for name in NAMES}) for each in book.people.show())
    for holder, particulars in (*directory, *plan.people):
        for name in NAMES:
            if particulars.get(name):
                found[likeness(str(particulars[name])).key].add(holder)
    return found


def _of_series(entries: Iterable[Planned], book: Book) -> Iterator[Remark]:
    entries = list(entries)
    known = {*book.names("series"), *_new_series(entries)}
    named = [each for each in entries if each.entry.get("series") is not None]
    written = [each for each in named if each.entry["series"] not in known]
    if not written:
        return
    names = SeriesNames({row.series: row.name for row in book.series(LAST_DAY, why=False)})
    for each in written:
        meant = names.of(each.entry["series"]).ids
        if meant:
            says = f"{shown(each.entry['series'])} is no series' id: series {listed(meant)} is meant? Write the id"
            yield Remark(each.place._replace(column="series"), says)


def _new_series(entries: Iterable[Planned]) -> Iterator[str]:
    """Series that the entries themselves make known."""
    for each in entries:
        if each.entry["type"] == "issue":
            yield each.entry["series"]
        elif each.entry["type"] == "restructuring":
            yield from each.entry.get("series_map", {}).values()
