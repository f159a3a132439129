"""What a derived number rests on: entries by their version, and items of the terms or articles of law."""

from collections.abc import Mapping
from typing import Self

from msgspec import Struct


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
