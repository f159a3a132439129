"""What each line of a register means: which series, whose rights; and what was assumed to say so."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ledger.domain.reasons import Said, said, series_said
from ledger.exchange.registers.lines import Assumption, Register, RegisterLine
from ledger.exchange.registers.names import likeness
from ledger.exchange.registers.recognising import Holders, Recognised, SeriesNames


class Scope(NamedTuple):
    """The series that are compared.

    names: of every series there is, by id. companies: id and name of the company of each series that has rights
    outstanding. is_chosen: whether rows of others are left out.
    """

    series: frozenset[str]
    names: Mapping[str, str]
    companies: Mapping[str, tuple[str, str]]
    is_chosen: bool


class Meaning(NamedTuple):
    """A line of a register and what it means.

    series: its id, or as it is written where there is none. holder: None for the company's own. is_clear: whether it is
    known whose rights they are. candidates: who may be meant, else. name: what the register calls him.
    """

    line: RegisterLine
    series: str
    all_series: tuple[str, ...]
    holder: str | None = None
    inherited_from: str | None = None
    transferred_from: str | None = None
    is_clear: bool = False
    candidates: tuple[str, ...] = ()

    @property
    def name(self) -> str | None:
        """What the register calls the holder: a name, else the id that it has."""
        line = self.line
        return line.name or line.kana or line.roman or line.holder


class Meanings(NamedTuple):
    """What the lines about holders mean, and the totals; what was assumed."""

    lines: tuple[Meaning, ...]
    totals: tuple[Meaning, ...]
    assumptions: tuple[Assumption, ...]


def meanings(register: Register, scope: Scope, holders: Holders, *, ids_only: bool = False) -> Meanings:
    """Say what each line means. ids_only: tell no name in what is assumed."""
    names = SeriesNames(scope.names)
    assumed: dict[Said, int | None] = {}
    lines, totals, left_out = [], [], []
    for line in register.lines:
        series = _series(line, scope, names, assumed)
        if scope.is_chosen and not {*series.ids} & scope.series:
            left_out.append(line)
        elif line.total:
            totals.append(Meaning(line, series.ids[0] if series.ids else line.series or "", series.ids))
        else:
            lines.append(_meaning(line, series, scope, holders, assumed, ids_only=ids_only))
    if left_out:
        says = said("rows of other series than those compared are left out: {count:,}", count=len(left_out))
        assumed[says] = left_out[0].row
        totals = [each for each in totals if each.line.total != "all"]
    if not holders.have_names and any(line.holder is None and not line.total for line in register.lines):
        assumed[said("the directory of people has no names: holders are known by ids alone")] = None
    told = tuple(Assumption(row, says) for says, row in assumed.items())
    return Meanings(tuple(_without_doubles(lines, holders)), tuple(totals), told)


def _series(line: RegisterLine, scope: Scope, names: SeriesNames, assumed: dict[Said, int | None]) -> Recognised:
    """Which series a line is of; of all where it is the total of all, of the only one where none is named."""
    if line.total == "all":
        return Recognised(tuple(scope.series))
    if line.series is None:
        if len(scope.series) == 1:
            (only,) = scope.series
            _assume(assumed, None, Recognised((only,), said("the register is of {series}", series=series_said(only))))
            return Recognised((only,))
        return Recognised()
    found = names.of(line.series)
    _assume(assumed, line.row, found)
    return found


def _meaning(
    line: RegisterLine,
    series: Recognised,
    scope: Scope,
    holders: Holders,
    assumed: dict[Said, int | None],
    *,
    ids_only: bool,
) -> Meaning:
    name = series.ids[0] if len(series.ids) == 1 else line.series or ""
    meant = Meaning(line, name, series.ids)
    found = holders.of(line)
    if not found.ids and _is_company(line, scope.companies.get(name)):
        return meant._replace(is_clear=True)
    if ids_only and found.because is not None:
        found = Recognised(found.ids, said("what is written there was taken for {holder}", holder=found.ids[0]))
    _assume(assumed, line.row, found)
    origins = [_origin(written, holders) for written in (line.inherited_from, line.transferred_from)]
    meant = meant._replace(inherited_from=origins[0], transferred_from=origins[1])
    if len(found.ids) == 1 and len(series.ids) == 1:
        return meant._replace(holder=found.ids[0], is_clear=True)
    is_doubtful = bool(found.ids and series.ids)
    return meant._replace(candidates=found.ids if is_doubtful else ())


def _origin(written: str | None, holders: Holders) -> str | None:
    """Of whom rights came: an id, where it is clear, else what is written."""
    if written is None:
        return None
    found = holders.by_name(written)
    return found.ids[0] if len(found.ids) == 1 else written


def _is_company(line: RegisterLine, company: tuple[str, str] | None) -> bool:
    """Whether a line is of rights that the company itself holds."""
    written = line.name or line.holder
    return company is not None and written is not None and likeness(written).key in map(_key, company)


def _key(name: str) -> str:
    return likeness(name).key


def _assume(assumed: dict[Said, int | None], row: int | None, found: Recognised) -> None:
    """Note what was assumed, once for all rows."""
    if found.because is not None:
        assumed.setdefault(found.because, row)


def _without_doubles(lines: Sequence[Meaning], holders: Holders) -> Iterator[Meaning]:
    """The lines; where two that differ by the forms of characters were taken for one holder, neither is clear.

    Only the one that is written as the directory has it stays what it is.
    """
    forms: defaultdict[tuple[str, str | None, str], set[str]] = defaultdict(set)
    for each in lines:
        if each.line.name is not None and each.is_clear:
            alike = likeness(each.line.name)
            forms[each.series, each.holder, alike.key].add(alike.plain)
    for each in lines:
        name = each.line.name
        is_one = name is None or len(forms[each.series, each.holder, likeness(name).key]) < 2
        if is_one or each.holder is None or each.line.holder == each.holder or holders.is_written(each.holder, name):
            yield each
        else:
            yield each._replace(holder=None, is_clear=False, candidates=(each.holder,))
