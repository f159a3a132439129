"""Days as people write them in Japan: 2018-07-02, 2018/7/2, 2018年7月2日, 平成30年7月2日, H30.7.2, 令和元年5月1日."""

import re
from datetime import date, timedelta
from typing import Final
from unicodedata import normalize

from ledger.domain.spans import FIRST_DAY, LAST_DAY
from ledger.reports.language import ERAS, era_day

LETTERS: Final = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
FIRST_YEARS: Final = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}
"""The year of the common era that is an era's year 1."""

_FIRST_DAYS: Final = {era: first for first, era in ERAS}
_REST: Final = r"(?:\([日月火水木金土](?:曜日?)?\))?(?:T?0{1,2}:00(?::00(?:\.0+)?)?)?"
"""What may follow a day and adds nothing: its weekday, midnight."""

_COMMON: Final = re.compile(
    rf"([0-9]{{4}})(?:年([0-9]{{1,2}})月([0-9]{{1,2}})日|([-/.])([0-9]{{1,2}})\4([0-9]{{1,2}})){_REST}"
)
_PACKED: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_OF_AN_ERA: Final = re.compile(
    rf"(明治|大正|昭和|平成|令和|[MTSHR])\.?(元|[0-9]{{1,2}})"
    rf"(?:年([0-9]{{1,2}})月([0-9]{{1,2}})日|([-/.])([0-9]{{1,2}})\5([0-9]{{1,2}})){_REST}",
    re.IGNORECASE,
)
_SHORT: Final = re.compile(r"[0-9]{1,2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,4}日?")

RIGHT: Final = "write it as 2018-07-02, 2018/7/2, 2018年7月2日 or 平成30年7月2日"


def day_in(written: str) -> date | str:
    """The day that a text writes, or what is wrong with it, in words that go on from it.

    >>> day_in("Ｈ３０．７．２"), day_in("令和元年5月1日"), day_in("20180702")
    (datetime.date(2018, 7, 2), datetime.date(2019, 5, 1), datetime.date(2018, 7, 2))
    >>> day_in("平成32年7月2日")
    'is no day of 平成, which ended on 2019-04-30: if 2020-07-02 is meant, it is 令和2年7月2日'
    """
    text = re.sub(r"\s", "", normalize("NFKC", written))
    if found := _OF_AN_ERA.fullmatch(text):
        return _day_of_an_era(found)
    if found := _COMMON.fullmatch(text) or _PACKED.fullmatch(text):
        year, month, on = (int(each) for each in found.groups() if each is not None and each.isdigit())
        return _day(year, month, on)
    if _SHORT.fullmatch(text):
        return f"does not say its year in full: {RIGHT}"
    return f"is no day: {RIGHT}"


def _day_of_an_era(found: re.Match[str]) -> date | str:
    era = LETTERS.get(found[1].upper(), found[1])
    number = 1 if found[2] == "元" else int(found[2])
    month, on = (int(each) for each in found.groups()[2:] if each is not None and each.isdigit())
    day = _day(FIRST_YEARS[era] + number - 1, month, on)
    if isinstance(day, str):
        return day
    first, end = _FIRST_DAYS[era], _end(era)
    if number and first <= day <= end:
        return day
    bounds = f"which began on {first}" if day < first else f"which ended on {end}"
    return f"is no day of {era}, {bounds}: if {day} is meant, it is {era_day(day)}"


def _day(year: int, month: int, on: int) -> date | str:
    try:
        day = date(year, month, on)
    except ValueError:
        return f"is no day of the calendar: {year}-{month:02}-{on:02} does not exist"
    if not FIRST_DAY <= day <= LAST_DAY:
        return f"is out of range: days are from {FIRST_DAY} to {LAST_DAY}"
    return day


def _end(era: str) -> date:
    """Last day of an era; of the present one the last that may be named."""
    later = [first for first, _ in ERAS if first > _FIRST_DAYS[era]]
    return min(later) - timedelta(days=1) if later else LAST_DAY
