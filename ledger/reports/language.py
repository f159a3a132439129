"""The language of what people read: English as it stands in the source, or Japanese from a gettext catalogue.

Programs read JSON and CSV, which know no language.
"""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

Language = Literal["en", "ja"]
CATALOGUES: Final = Path(__file__).with_name("locale")
_DOMAIN: Final = "rights"

_spoken: ContextVar[Language] = ContextVar("spoken", default="en")


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
    if _spoken.get() != "en":
        message = _catalogue(_spoken.get()).gettext(message)
    return message.format(**values) if values else message


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
