"""Whom and which series a register kept elsewhere means: as it is written there, or alike, and never by a guess."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from ledger.domain.reasons import Said, said, series_said
from ledger.exchange.registers.lines import RegisterLine
from ledger.exchange.registers.names import joined, likeness, passed_over
from ledger.people import Person

_LABEL: Final = re.compile(r"(.+) \((.+)\)", re.DOTALL)
"""A holder as our own tables show him: a name, and the id in brackets."""
_ORDINAL: Final = re.compile(
    r"第?([0-9〇一二三四五六七八九十百]+)回?(?:新株予約権|ストック-?オプション)?|([0-9]+)(?:st|nd|rd|th)(?:series)?|series([0-9]+)"
)
_DIGITS: Final = {each: number for number, each in enumerate("〇一二三四五六七八九")}


class Recognised(NamedTuple):
    """What something written means.

    ids: one where that is clear, none where it means nothing here, several where it may mean any of them. because: what
    was assumed; None where it stands here just so.
    """

    ids: tuple[str, ...] = ()
    because: Said | None = None


class Holders:
    """Everybody whom a register may mean.

    ids: that the ledger knows. people: of whom the directory knows names.
    """

    def __init__(self, ids: Iterable[str], people: Iterable[Person]) -> None:
        self._names: dict[str, list[str]] = {}
        for person in people:
            self._names[person.holder] = [each for each in (person.kanji, person.kana, person.roman) if each]
        self._ids = {*ids, *self._names}
        self._ids_alike = _by_key((each, [each]) for each in self._ids)
        self._exact: defaultdict[str, set[str]] = defaultdict(set)
        for holder, names in self._names.items():
            for each in names:
                self._exact[each].add(holder)
        self._names_alike = _by_key(self._names.items())

    @property
    def have_names(self) -> bool:
        """Whether the directory knows anybody's name."""
        return bool(self._exact)

    def is_written(self, holder: str, name: str | None) -> bool:
        """Whether the directory has a name of a holder just as it is written."""
        return name in self._names.get(holder, ())

    def of(self, line: RegisterLine) -> Recognised:
        """Whom a line means: by his id where it has one that is known, else by his names, all of them together."""
        by_id = Recognised() if line.holder is None else self.by_id(line.holder)
        if by_id.ids:
            return self._beside(by_id, line)
        written = _names_in(line) or ([] if line.holder is None else [line.holder])
        meant = [found for found in map(self.by_name, written) if found.ids]
        if not meant:
            return Recognised()
        first = meant[0]
        in_all = [each for each in first.ids if all(each in other.ids for other in meant)]
        if len(in_all) == 1 and len(first.ids) > 1:
            says = said("{written} may be several: {holder} by the other name", written=written[0], holder=in_all[0])
            return Recognised((in_all[0],), says)
        either = dict.fromkeys(each for found in meant for each in found.ids)
        return Recognised(tuple(in_all) or tuple(either), first.because)

    def by_id(self, written: str) -> Recognised:
        """Whom an id means; in brackets after a name, or alike."""
        if written in self._ids:
            return Recognised((written,))
        label = _LABEL.fullmatch(written)
        if label is not None and label[2] in self._ids:
            return Recognised((label[2],))
        return _taken(written, self._ids_alike)

    def by_name(self, written: str) -> Recognised:
        """Whom a name means: as it is written here, else alike."""
        exact = tuple(sorted(self._exact.get(written, ())))
        if len(exact) == 1:
            alike = sorted(self._names_alike[likeness(written).key].keys() - {*exact})
            if not alike:
                return Recognised(exact)
            just_so = said(
                "{written} is {holder}, and not {other}, who is alike", written=written, holder=exact[0], other=alike[0]
            )
            return Recognised(exact, just_so)
        if exact:
            return Recognised(exact)
        found = self.by_id(written)
        return found if found.ids else _taken(written, self._names_alike)

    def _beside(self, by_id: Recognised, line: RegisterLine) -> Recognised:
        """Whom an id means, and that the register gives him another name, where it does."""
        (holder, *others) = by_id.ids
        names = {likeness(each).key for each in self._names.get(holder, ())}
        written = _names_in(line)
        if others or not names or not written or any(likeness(each).key in names for each in written):
            return by_id
        return Recognised(
            by_id.ids,
            said("the id is that of {holder}, whom the register calls {written}", holder=holder, written=written[0]),
        )


class SeriesNames:
    """Every series that a register may mean.

    names: as the terms have them, by id.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._by: list[tuple[Callable[[str], str | None], dict[str, list[str]]]] = []
        for key in (str, _key, ordinal):
            for of in ({series: series for series in names}, names):
                found: defaultdict[str, list[str]] = defaultdict(list)
                for series, name in of.items():
                    found[key(name) or ""].append(series)
                self._by.append((key, found))

    def of(self, written: str) -> Recognised:
        """Which series is meant: by its id, else its name, either alike, else the number of its issue."""
        for key, named in self._by:
            sought = key(written.removeprefix("'"))
            found = tuple(sorted(named.get(sought, ()))) if sought else ()
            if found == (written,):
                return Recognised(found)
            if found:
                taken = said("{written} was taken for {series}", written=written, series=series_said(found[0]))
                return Recognised(found, taken if len(found) == 1 else None)
        return Recognised()


def ordinal(written: str) -> str | None:
    """The number of an issue, in digits, where a text is one.

    >>> ordinal("第７回新株予約権"), ordinal("7th series"), ordinal("第十二回"), ordinal("October")
    ('7', '7', '12', None)
    """
    found = _ORDINAL.fullmatch(likeness(written).key)
    if found is None:
        return None
    text = next(filter(None, found.groups()))
    return text.lstrip("0") or "0" if text.isascii() else _in_digits(text)


def _in_digits(numeral: str) -> str | None:
    """A numeral of ideographs in digits; None where it is none."""
    if {*numeral} <= _DIGITS.keys():
        return "".join(str(_DIGITS[each]) for each in numeral)
    found = re.fullmatch("(?:([二三四五六七八九])?百)?(?:([二三四五六七八九])?十)?([一二三四五六七八九])?", numeral)
    if found is None:
        return None
    hundreds, tens, ones = found.groups()
    total = _DIGITS.get(hundreds, 1) * 100 * ("百" in numeral) + _DIGITS.get(tens, 1) * 10 * ("十" in numeral)
    return str(total + _DIGITS.get(ones, 0))


def _by_key(named: Iterable[tuple[str, Iterable[str]]]) -> dict[str, dict[str, str]]:
    """By what names have in common: who bears such a name, and how it is written here."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for who, names in named:
        for each in names:
            found[likeness(each).key].setdefault(who, each)
    return found


def _key(name: str) -> str:
    return likeness(name).key


def _names_in(line: RegisterLine) -> list[str]:
    return [each for each in (line.name, line.kana, line.roman) if each is not None]


def _taken(written: str, by_key: Mapping[str, Mapping[str, str]]) -> Recognised:
    """Whom a name that is alike means."""
    key = likeness(written.removeprefix("'")).key  # an apostrophe keeps spreadsheets from running a formula
    found = by_key.get(key, {}) if key else {}
    if len(found) != 1:
        return Recognised(tuple(sorted(found)))
    ((holder, name),) = found.items()
    ways = passed_over(written.removeprefix("'"), name)
    if not ways:
        return Recognised((holder,))
    return Recognised(
        (holder,), said("{written} was taken for {holder}: {ways}", written=written, holder=holder, ways=joined(ways))
    )
