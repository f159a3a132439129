"""The objects of a package, and their fields read one by one: exact, and lenient where the meaning is plain."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any, Final, NamedTuple
from unicodedata import normalize

from ledger.domain.characters import is_seen, seen, shown
from ledger.domain.spans import FIRST_DAY, LAST_DAY, day_from
from ledger.domain.strict_json import MAX_COUNT, MAX_NAME
from ledger.domain.wellformed import MAX_ID
from ledger.exchange.packages.exact_json import Number
from ledger.exchange.plan import Place

NUMBER: Final = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?", re.ASCII)
MOST_DECIMALS: Final = 90


class FaultError(Exception):
    """A field that cannot be read: which one, and what is wrong and would be right."""

    def __init__(self, field: str, says: str) -> None:
        super().__init__(field, says)
        self.field = field
        self.says = says


class Money(NamedTuple):
    """An amount in a currency; None where the package gives none."""

    amount: Fraction
    currency: str | None


class Found(NamedTuple):
    """An object of a package and where it stands: its file, and its number in it, from 1."""

    place: Place
    value: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """What it says it is: its `object_type`."""
        kind = self.value.get("object_type")
        return kind if isinstance(kind, str) else ""

    @property
    def id(self) -> str:
        """Its id, or its place where it has none."""
        return self.maybe_text("id") or f"{self.place.sheet}#{self.place.row}"

    def at(self, field: str | None) -> Place:
        """The place of one of its fields."""
        return self.place._replace(column=field)

    def maybe_text(self, *fields: str) -> str | None:
        """The text of the first of some fields that holds any."""
        for field in fields:
            value = self.value.get(field)
            if isinstance(value, str) and value.strip():
                return str(value)
        return None

    def text(self, *fields: str) -> str:
        """As `maybe_text`. Raises `FaultError` where there is none."""
        found = self.maybe_text(*fields)
        if found is None:
            raise FaultError(fields[0], f"{quoted(self.value.get(fields[0]))} is no text, and one is needed")
        return found

    def maybe_day(self, *fields: str) -> date | None:
        """The day of the first of some fields that is not empty. Raises `FaultError` where it is none."""
        for field in fields:
            value = self.value.get(field)
            if value is not None:
                return day_in(field, value)
        return None

    def day(self, *fields: str) -> date:
        """As `maybe_day`. Raises `FaultError` where there is none, too."""
        found = self.maybe_day(*fields)
        if found is None:
            raise FaultError(fields[0], "is missing; a day is needed, YYYY-MM-DD")
        return found

    def number(self, field: str) -> Fraction:
        """A number that is not negative. Raises `FaultError`."""
        return number_in(field, self.value.get(field))

    def maybe_money(self, field: str) -> Money | None:
        """An amount, also where the package writes one as a plain number. Raises `FaultError`."""
        value = self.value.get(field)
        if not isinstance(value, dict):
            return None if value is None else Money(number_in(field, value), None)
        amount = next((value[each] for each in ("amount", "ammount") if each in value), None)
        names = ("currency", "currency_code", "cuurency_code")
        currency = next((value[each] for each in names if isinstance(value.get(each), str)), None)
        return Money(number_in(field, amount), None if currency is None else name_from(currency))

    def texts(self, field: str) -> list[str]:
        """The texts of a list, or of a single text; whatever else is in it is passed over."""
        value = self.value.get(field)
        return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str) and each]


def day_in(field: str, value: object) -> date:
    """The day that a value writes, with a time of day or without. Raises `FaultError`."""
    day = day_from(value.replace(" ", "T").partition("T")[0]) if isinstance(value, str) else None
    if day is None or not FIRST_DAY < day <= LAST_DAY:
        raise FaultError(field, f"{quoted(value)} is no day that the ledger can name; days are YYYY-MM-DD")
    return day


def number_in(field: str, value: object) -> Fraction:
    """The number that a value writes as text or as a JSON number, not negative, below 2⁵³. Raises `FaultError`."""
    if not isinstance(value, str) or not NUMBER.fullmatch(value):
        kind = "is missing" if value is None else f"{quoted(value)} is no plain number"
        raise FaultError(field, f'{kind}; digits are needed, with at most one point: "1000" or "0.25"')
    number = Fraction(Decimal(value))
    if not 0 <= number < MAX_COUNT:
        raise FaultError(field, f"{quoted(value)} is negative or too large; 0 to 2^53 can be kept")
    return number


def ratio_in(field: str, value: object) -> Fraction:
    """A numerator over a denominator, both above 0. Raises `FaultError`."""
    if isinstance(value, Number) or (isinstance(value, str) and NUMBER.fullmatch(value)):
        parts = (number_in(field, value), Fraction(1))
    elif isinstance(value, dict):
        parts = (number_in(field, value.get("numerator")), number_in(field, value.get("denominator")))
    else:
        raise FaultError(field, f"{quoted(value)} is no ratio; a numerator and a denominator are needed")
    if not all(parts):
        raise FaultError(field, "has a 0 in its ratio; both parts are above 0")
    return parts[0] / parts[1]


def amount_of(number: Fraction) -> int | str | None:
    """An amount as entries write it, exact; None for what no decimals can say."""
    if number.denominator == 1:
        return number.numerator
    left = number.denominator
    for prime in (2, 5):
        while left % prime == 0:
            left //= prime
    digits = (
        next((n for n in range(1, MOST_DECIMALS) if (number * 10**n).denominator == 1), None) if left == 1 else None
    )
    if digits is None:
        return None
    whole, rest = divmod(int(number * 10**digits), 10**digits)
    return f"{whole}.{rest:0{digits}d}"


def plain(number: Fraction) -> str:
    """A number in words: with decimals where they can say it, else as a fraction."""
    amount = amount_of(number)
    return str(number if amount is None else amount)


def name_from(text: str) -> str | None:
    r"""A name as entries and the directory take it, or None where nothing is left of it.

    >>> name_from(" Person X\n"), name_from("\u202e")
    ('Person X', None)
    """
    composed = normalize("NFC", "".join(each if is_seen(each) else " " for each in text))
    return " ".join(composed.split())[:MAX_NAME].strip() or None


def quoted(value: object) -> str:
    """Something of the package inside a message: cut where it is long, with what nobody sees escaped."""
    return seen(shown(value))


def entry_id(prefix: str, of: str, part: str) -> str:
    """The id of the entry that an object gives: the same each time it is read. part: where it gives several."""
    written = f"{prefix}-{of}{f'/{part}' if part else ''}"
    if len(written) <= MAX_ID and written.isprintable():
        return written
    return f"{prefix}-{sha256(written.encode()).hexdigest()[:48]}"
