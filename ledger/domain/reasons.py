"""What a derived number rests on: entries by their version, and items of the terms or articles of law."""

from collections.abc import Mapping
from typing import Final, Self

from msgspec import Struct

SERIES: Final = "series {series}"


class Said(str):
    """A sentence in English that knows what it was made of, so that it can be said in another language.

    words: with places for values, by their names. values: days, counts, periods, texts, and other sentences.
    """

    __slots__ = ("values", "words")
    words: str
    values: Mapping[str, object]

    def __new__(cls, words: str, values: Mapping[str, object] | None = None) -> Self:
        """Put the values in their places."""
        made = super().__new__(cls, words.format(**values) if values else words)
        made.words, made.values = words, values or {}
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[str, Mapping[str, object]]]:
        """It reaches other processes with what it was made of."""
        return type(self), (self.words, self.values)


def said(words: str, /, **values: object) -> Said:
    """A sentence of words and the values in their places.

    >>> said("{rights:,} rights on {on}", rights=1000, on="2018-07-09")
    '1,000 rights on 2018-07-09'
    """
    return Said(words, values)


def rights_said(rights: int) -> Said:
    """So many rights, in words.

    >>> rights_said(1), rights_said(1000)
    ('1 right', '1,000 rights')
    """
    return said("1 right") if rights == 1 else said("{rights:,} rights", rights=rights)


def series_said(series: str) -> Said:
    """A series as a sentence calls it.

    >>> series_said("7")
    'series 7'
    """
    return said(SERIES, series=series)


class Reason(Struct, frozen=True):
    """One link in the chain behind a number.

    version: of the entry that it rests on, or None where it rests on the law alone.
    item: the item of the notice, or the article, that makes it follow.
    says: what follows, in words.
    """

    version: int | None
    item: str
    says: str

    def to_dict(self) -> dict[str, object]:
        """As the answers of the command line show it."""
        return {"version": self.version, "item": self.item, "says": self.says}


Reasons = tuple[Reason, ...]
