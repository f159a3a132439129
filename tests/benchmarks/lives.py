"""Ledgers as they are kept: officers come, are allotted rights each July, leave and exercise within ten days, or die.

Lawful whatever the size, in the order of their days but for a few late ones, and the same for the same seed.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Any, Final

Entry = dict[str, Any]

FIRST_YEAR: Final = 1990
PER_SEAT: Final = 125
"""Entries for each office: some 50 years of it, and five holders one after the other."""

MOST_RIGHTS: Final = 50
"""Of one allotment."""


def lives(count: int, *, seed: int = 0) -> Iterator[Entry]:
    """``count`` entries of one company; 100,000 are of about 4,000 holders, and 50 series."""
    company = _Company(Random(seed), max(1, count // PER_SEAT))
    for number, entry in zip(range(count), company.entries(), strict=False):
        yield entry | {"id": f"entry-{number + 1}"}


class _Officer:
    """Somebody in office. since: the first year of it. holdings: rights by series, as allotted."""

    def __init__(self, name: str, since: int) -> None:
        self.name = name
        self.since = since
        self.position = "director"
        self.holdings: dict[str, int] = {}


class _Company:
    """A company with so many offices, and what is still to be recorded, by day."""

    def __init__(self, random: Random, seats: int) -> None:
        self._random = random
        self._number = 0
        self._said: list[tuple[date, int, Entry]] = []
        self._seats = seats
        self._people = 0

    def entries(self) -> Iterator[Entry]:
        """All entries by the day on which they are recorded, without end."""
        yield {"type": "company", "company": "IIJ", "name": "Internet Initiative Japan Inc.", "on": "1989-12-03"}
        officers = [self._new_officer(FIRST_YEAR) for _ in range(self._seats)]
        for officer in officers:
            self._appoint(officer, date(FIRST_YEAR, 1, 4))
        year = FIRST_YEAR
        while True:
            officers = [self._year_of(officer, year) for officer in officers]
            self._series_of(year, officers)
            while self._said and self._said[0][0] <= date(year, 12, 31):
                yield heappop(self._said)[2]
            year += 1

    def _say(self, on: date, type_: str, late: int = 0, **fields: Any) -> None:
        """Let an entry be recorded on its day, or so many days late."""
        self._number += 1
        day = "record_date" if type_ == "split" else "on"
        entry = {"type": type_, **fields, day: on.isoformat()}
        heappush(self._said, (on + timedelta(days=late), self._number, entry))

    def _new_officer(self, year: int) -> _Officer:
        self._people += 1
        return _Officer(f"officer-{self._people}", year)

    def _appoint(self, officer: _Officer, on: date) -> None:
        self._say(on, "appointment", holder=officer.name, position=officer.position)

    def _series_of(self, year: int, officers: list[_Officer]) -> None:
        """A series each July, for all in office; a split every fifth autumn."""
        series, allotted_on = str(year), date(year, 7, 14)
        terms: Entry = {
            "company": "IIJ", "name": f"series of {year}", "max_rights": MOST_RIGHTS * self._seats,
            "shares_per_right": 200, "exercise_price": 1,
            "exercise_period": {"from": f"{year}-07-15", "until": f"{year + 30}-07-14"},
            "allotment_date": allotted_on.isoformat(), "payment_date": allotted_on.isoformat(),
            "conditions": {"positions": ["director", "executive-officer"]},
        }  # fmt: skip
        self._say(date(year, 7, 1), "issue", series=series, terms=terms, source="minutes of the board")
        self._say(allotted_on, "pricing", series=series, price_per_share=self._random.randint(500, 3_000))
        for officer in officers:
            rights = officer.holdings[series] = self._random.randint(2, MOST_RIGHTS)
            given: Entry = {"series": series, "holder": officer.name, "position": officer.position, "rights": rights}
            self._say(allotted_on, "allotment", **given)
        if year % 5 == 0:
            self._say(date(year, 9, 30), "split", company="IIJ", ratio=self._random.choice(["2", "3/2", "11/10"]))

    def _year_of(self, officer: _Officer, year: int) -> _Officer:
        """What happens to one office from January to June, and who is in it then."""
        if year == FIRST_YEAR:
            return officer
        on = date(year, 2, 1) + timedelta(days=self._random.randrange(140))
        chance = self._random.random()
        if chance < 0.04 or year - officer.since > 20:
            self._leave(officer, on)
        elif chance < 0.05:
            self._say(on, "death", holder=officer.name, source="family register")
            self._inherit(officer, officer.holdings, on)
        else:
            if chance < 0.15 and officer.position == "director":
                self._say(on, "departure", holder=officer.name, position="director", cause="other")
                officer.position = "executive-officer"
                self._appoint(officer, on)
            return officer
        after = self._new_officer(year)
        self._appoint(after, on + timedelta(days=1))
        return after

    def _leave(self, officer: _Officer, left_on: date) -> None:
        """Depart; waive some rights, exercise the others inside ten days, or die before that is done."""
        cause = self._random.choice(["retirement", "resignation"])
        self._say(left_on, "departure", holder=officer.name, cause=cause, source="minutes of the meeting")
        dies = self._random.random() < 0.05
        left: dict[str, int] = {}
        for series, rights in officer.holdings.items():
            chance = self._random.random()
            if chance < 0.04:
                self._say(left_on + timedelta(days=1), "waiver", series=series, holder=officer.name, rights=rights)
            elif chance < 0.1:
                left[series] = rights
            else:
                part = rights if chance < 0.6 else rights // 2
                self._exercise(officer.name, series, part, left_on + timedelta(days=self._random.randint(2, 4)))
                left |= {series: rights - part} if part < rights else {}
        if dies:
            died_on = left_on + timedelta(days=5)
            self._say(died_on, "death", holder=officer.name, source="family register")
            self._inherit(officer, left, died_on)
            return
        for series, rights in left.items():
            self._exercise(officer.name, series, rights, left_on + timedelta(days=self._random.randint(5, 10)))

    def _inherit(self, officer: _Officer, holdings: dict[str, int], died_on: date) -> None:
        """One heir takes what is left, and exercises most of it within six months."""
        if not holdings:
            return
        heir, on = f"heir-of-{officer.name}", died_on + timedelta(days=self._random.randint(20, 90))
        self._say(on, "inheritance", holder=officer.name, heir=heir, source="agreement of the heirs")
        for series, rights in holdings.items():
            if self._random.random() < 0.9:
                later = on + timedelta(days=self._random.randint(1, 150))
                self._exercise(heir, series, rights, later, inherited_from=officer.name)

    def _exercise(self, holder: str, series: str, rights: int, on: date, **more: Any) -> None:
        """Exercise rights; one notice in a hundred is recorded late, and nothing else rests on it."""
        late = self._random.randint(3, 90) if self._random.random() < 0.01 else 0
        given: Entry = {"series": series, "holder": holder, "rights": rights, "source": "notice of exercise"}
        self._say(on, "exercise", late, **given, **more)
