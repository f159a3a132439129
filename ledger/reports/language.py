"""The language of what people read: English as it stands in the source, or Japanese from a gettext catalogue.

Programs read JSON and CSV, which know no language.
"""

import gettext
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final, Literal

from ledger.domain.reasons import SERIES, Said
from ledger.domain.spans import Period, Span

Language = Literal["en", "ja"]
CATALOGUES: Final = Path(__file__).with_name("locale")
_DOMAIN: Final = "rights"
_ORDINAL: Final = re.compile("[0-9]{1,3}")

HOLDERS: Final = frozenset({"holder", "other", "earlier", "giver", "taker"})
"""Values of sentences that are ids of holders."""

_spoken: ContextVar[Language] = ContextVar("spoken", default="en")
label_by: Final[ContextVar[Callable[[str], str]]] = ContextVar("label_by", default=str)
"""How a holder is shown by his id (`cells.called`)."""


@contextmanager
def spoken(language: Language) -> Iterator[None]:
    """Speak a language until the end of the block; in each thread its own."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def language() -> Language:
    """The language spoken here."""
    return _spoken.get()


def text(message: str, /, **values: object) -> str:
    """A message in the language spoken, with values in its places; in English where the catalogue has none.

    >>> text("ledger {ledger} at version {version}", ledger="main", version=3)
    'ledger main at version 3'
    """
    if message and _spoken.get() != "en":  # of nothing a catalogue gives its own heading
        message = _catalogue(_spoken.get()).gettext(message)
    return message.format(**values) if values else message


def reworded(sentence: object) -> str:
    """What something says in the language spoken: a sentence of the rules, a day, a period, a span, or a text as it is.

    >>> from ledger.domain.reasons import said
    >>> with spoken("ja"):
    ...     reworded(
    ...         said("{span} after the inheritance of {on}{rolled}", span=Span(days=10), on=date(2018, 7, 1), rolled="")
    ...     )
    '2018年7月1日の相続から10日間'
    """
    match sentence:
        case Said() if sentence.words == SERIES:
            return series_name(str(sentence.values["series"]))
        case Said() if sentence.values or _spoken.get() != "en":
            values = {name: _value(name, value) for name, value in sentence.values.items()}
            return text(sentence.words, **values)
        case Period():
            return text("{first} to {last}", first=day(sentence.from_), last=day(sentence.until))
        case Span() if _spoken.get() != "en":
            units = (
                ("{count} days", sentence.days),
                ("{count} months", sentence.months),
                ("{count} years", sentence.years),
            )
            return next(text(unit, count=count) for unit, count in units if count)
        case date():
            return day(sentence)
        case _:
            return str(sentence)


def series_name(series: str) -> str:
    """A series as it is called in a sentence: in Japanese the so-manieth only where its id is such a number.

    >>> series_name("7")
    'series 7'
    >>> with spoken("ja"):
    ...     series_name("7"), series_name("7@HD"), series_name("2014")
    ('第7回新株予約権', '新株予約権（7@HD）', '新株予約権（2014）')
    """
    if _spoken.get() == "en" or _ORDINAL.fullmatch(series):
        return text(SERIES, series=series)
    return text("the series called {series}", series=series)


def _value(name: str, value: object) -> object:
    """A value for its place: numbers are formatted there, a holder is shown as tables show him."""
    if name in HOLDERS:
        return label_by.get()(str(value))
    return value if isinstance(value, int | Decimal) else reworded(value)


def day(on: date) -> str:
    """A day as it is written in the language spoken.

    >>> day(date(2018, 7, 9))
    '2018-07-09'
    >>> with spoken("ja"):
    ...     day(date(2018, 7, 9))
    '2018年7月9日'
    """
    return on.isoformat() if _spoken.get() == "en" else f"{on.year}年{on.month}月{on.day}日"


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    return gettext.translation(_DOMAIN, CATALOGUES, [language], fallback=True)


ERAS: Final = (
    (date(2019, 5, 1), "令和"), (date(1989, 1, 8), "平成"), (date(1926, 12, 25), "昭和"), (date(1912, 7, 30), "大正"),
    (date(1873, 1, 1), "明治"),
)  # fmt: skip
"""First days of the Japanese eras, the last first; that of Meiji is the first of the solar calendar, in its year 6."""

_BEFORE_THE_CALENDAR: Final = 5


def era_day(on: date) -> str:
    """A day as Japanese forms want it, in years of its era; before 1873, which knew another calendar, as `day` does.

    >>> era_day(date(2019, 4, 30)), era_day(date(2019, 5, 1)), era_day(date(1989, 1, 7)), era_day(date(1873, 1, 1))
    ('平成31年4月30日', '令和元年5月1日', '昭和64年1月7日', '明治6年1月1日')
    """
    for first, era in ERAS:
        if on >= first:
            year = on.year - first.year + 1 + (_BEFORE_THE_CALENDAR if era == "明治" else 0)
            return f"{era}{'元' if year == 1 else year}年{on.month}月{on.day}日"
    return f"{on.year}年{on.month}月{on.day}日"


def form_day(on: date) -> str:
    """A day as a form of the authorities wants it, in the language spoken.

    >>> form_day(date(2019, 8, 14))
    '2019-08-14'
    >>> with spoken("ja"):
    ...     form_day(date(2019, 8, 14))
    '令和元年8月14日'
    """
    return on.isoformat() if _spoken.get() == "en" else era_day(on)
