"""What a cell says, by what its column is for: a day, a count, a ratio, an amount, a name, a choice.

A reader gives the value as an entry has it, or raises `WrongCellError` with what is wrong and what would be right.
Spreadsheets keep numbers in binary: what comes here are the shortest digits that mean the same, and those are exact.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal
from unicodedata import normalize

from ledger.domain.characters import shown
from ledger.domain.errors import MalformedError
from ledger.domain.spans import FIRST_DAY, LAST_DAY
from ledger.domain.spelling import did_you_mean
from ledger.domain.strict_json import MAX_COUNT, read_line
from ledger.exchange.sheets.grid import Cell
from ledger.exchange.sheets.written_days import RIGHT, day_in

Kind = Literal[
    "name", "text", "day", "count", "amount", "ratio", "yes-no", "choice", "choices", "names", "span", "pairs", "json"
]

_GROUPED: Final = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+"
_COUNT: Final = re.compile(rf"({_GROUPED})(?:個|株|円|件|名|rights?|shares?)?", re.IGNORECASE)
_AMOUNT: Final = re.compile(rf"(?:[¥\\]|JPY)?((?:{_GROUPED})(?:\.[0-9]+)?)(?:円|yen|JPY)?", re.IGNORECASE)
_NEGATIVE: Final = re.compile(r"[-−‐▲△(].*[0-9]")
_FRACTION: Final = re.compile(r"([0-9]{1,16})(?:/([0-9]{1,16}))?倍?")
_DECIMAL: Final = re.compile(r"[0-9]{1,9}\.[0-9]{1,6}倍?")
_OLD_TO_NEW: Final = re.compile(
    r"([0-9]{1,16})株(?:を|につき|に対し(?:て)?|当たり|あたり)([0-9]{1,16})株(?:の割合)?(?:[でに].*)?"
)
_PAIR: Final = re.compile(r"([0-9]{1,16})(?::|対)([0-9]{1,16})")
_SPAN: Final = re.compile(r"([0-9]{1,6})(days?|months?|years?|日間?|[かヶケヵカ箇ゕゖ]月間?|年間?)", re.IGNORECASE)
_UNITS: Final = {"d": "days", "m": "months", "y": "years", "日": "days", "年": "years"}
_BETWEEN_NAMES: Final = re.compile(r"[,、;\n]")

RATIO_RIGHT: Final = "write the new shares per old share: 2, 3/2 or 1/10"
YES: Final = frozenset({"yes", "y", "true", "はい", "有", "あり", "有り", "する", "可", "○", "◯", "〇"})
NO: Final = frozenset({"no", "n", "false", "いいえ", "無", "なし", "無し", "しない", "不可", "×", "✕"})
NONE_OF_IT: Final = frozenset(
    {"none", "no limit", "not inheritable", "なし", "無し", "期限なし", "制限なし", "相続不可", "承継しない"}
)


class WrongCellError(Exception):
    """A cell that does not say what its column is for. says: what is wrong, and what would be right."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


def folded(text: str) -> str:
    """A text as it is compared: neither width nor case matters, nor spaces around it."""
    return normalize("NFKC", text).strip().casefold()


def plain(cell: Cell) -> str:
    """What a cell shows, as text in Unicode's composed form, without spaces around it."""
    match cell:
        case str():
            return normalize("NFC", cell).strip()
        case Decimal():
            return f"{cell:f}"
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case _:
            return str(cell)


def _digits(cell: Cell) -> str:
    """The same without anything between digits, in ASCII."""
    return re.sub(r"\s", "", normalize("NFKC", plain(cell)).replace("，", ","))


def _refuse_day(cell: Cell, right: str) -> None:
    if isinstance(cell, date):
        raise WrongCellError(f"is the day {plain(cell)}: format the cell as text, and {right}")
    if isinstance(cell, bool):
        raise WrongCellError(f"is {'yes' if cell else 'no'}: {right}")


def day(cell: Cell) -> str:
    """A day, as an entry writes it."""
    match cell:
        case datetime() if cell.time() != time():
            raise WrongCellError(f"is {cell:%Y-%m-%d %H:%M}, which has a time of day: write the day alone")
        case datetime():
            found: date | str = cell.date()
        case date():
            found = cell
        case str():
            found = day_in(cell)
        case int() if not isinstance(cell, bool) and len(str(cell)) == 8:
            found = day_in(str(cell))
        case _:
            raise WrongCellError(f"is {shown(plain(cell))}, a number and no day: format the cell as a date, or {RIGHT}")
    if isinstance(found, str):
        raise WrongCellError(f"is {shown(plain(cell))}, which {found}")
    if not FIRST_DAY <= found <= LAST_DAY:
        raise WrongCellError(f"is {found}, out of range: days are from {FIRST_DAY} to {LAST_DAY}")
    return found.isoformat()


def count(cell: Cell) -> int:
    """A whole number, 0 or more."""
    right = "write a whole number, such as 24 or 1,000"
    _refuse_day(cell, right)
    if isinstance(cell, Decimal) and cell == cell.to_integral_value() and abs(cell) < MAX_COUNT:
        cell = int(cell)
    text = _digits(cell)
    found = _COUNT.fullmatch(text)
    if found is None:
        what = "negative" if _NEGATIVE.match(text) else "not whole" if re.search("[0-9]", text) else "no number"
        raise WrongCellError(f"is {shown(plain(cell))}, {what}: {right}")
    digits = found[1].replace(",", "")
    if len(digits) > 20 or int(digits) >= MAX_COUNT:
        raise WrongCellError(f"is {shown(plain(cell))}: counts stay below 2^53, {MAX_COUNT:,}")
    return int(digits)


def amount(cell: Cell) -> int | str:
    """Yen: a whole number, or a text with decimals."""
    right = "write yen in digits, such as 422,600 or 126.28"
    _refuse_day(cell, right)
    text = _digits(cell)
    found = _AMOUNT.fullmatch(text)
    if found is None:
        what = "negative" if _NEGATIVE.match(text) else "no amount"
        raise WrongCellError(f"is {shown(plain(cell))}, {what}: {right}")
    whole, _, decimals = found[1].replace(",", "").partition(".")
    decimals = decimals.rstrip("0")
    if len(whole) > 20 or int(whole) >= MAX_COUNT or len(decimals) > 100:
        raise WrongCellError(f"is {shown(plain(cell))}: amounts stay below 2^53, with at most 100 decimals")
    return f"{int(whole)}.{decimals}" if decimals else int(whole)


def ratio(cell: Cell, field: str) -> str:
    """New shares per old share. field: of which kind of entry, ``split`` or another.

    A split is above 1 and a consolidation below: there ``1:2`` can mean one thing only.
    """
    _refuse_day(cell, RATIO_RIGHT)
    text = _digits(cell)
    if found := _FRACTION.fullmatch(text):
        new, old = int(found[1]), int(found[2] or 1)
    elif _DECIMAL.fullmatch(text):
        new, old = Fraction(text.removesuffix("倍")).as_integer_ratio()
    elif found := _OLD_TO_NEW.fullmatch(text):
        old, new = int(found[1]), int(found[2])
    elif (found := _PAIR.fullmatch(text)) and field in {"split", "consolidation"}:
        old, new = sorted((int(found[1]), int(found[2])), reverse=field == "consolidation")
    else:
        which = ", which does not say which of them are the new shares" if _PAIR.fullmatch(text) else ""
        raise WrongCellError(f"is {shown(plain(cell))}{which}: {RATIO_RIGHT}")
    if not (new and old):
        raise WrongCellError(f"is {shown(plain(cell))}: neither number of a ratio is 0; {RATIO_RIGHT}")
    return str(Fraction(new, old))


def yes_no(cell: Cell) -> bool:
    """Yes or no."""
    if isinstance(cell, bool):
        return cell
    text = folded(plain(cell))
    if text in YES or text in NO:
        return text in YES
    raise WrongCellError(f"is {shown(plain(cell))}: write yes or no (はい, いいえ)")


def choice(cell: Cell, choices: Mapping[str, Iterable[str]]) -> str:
    """One of the values that the contract lists. choices: each with other words for it."""
    said = folded(plain(cell))
    for value, words in choices.items():
        if said in {folded(each) for each in (value, value.replace("-", " "), *words)}:
            return value
    listed = ", ".join(f"{value} ({next(iter(words))})" for value, words in choices.items())
    raise WrongCellError(f"is {shown(plain(cell))}{did_you_mean(said, choices)}: write one of {listed}")


def names(cell: Cell) -> list[str]:
    """Several names, with commas between them, or as a JSON list where a name has a comma in it."""
    text = name(cell)
    if text.startswith("["):
        return list(json_value(cell, list))
    found = [each.strip() for each in _BETWEEN_NAMES.split(text) if each.strip()]
    if not found:
        raise WrongCellError(f"is {shown(text)}: write names, with commas between them")
    return found


def choices_in(cell: Cell, choices: Mapping[str, Iterable[str]]) -> list[str]:
    """Several of the values that the contract lists."""
    return list(dict.fromkeys(choice(each, choices) for each in names(cell)))


def span(cell: Cell) -> dict[str, int] | None:
    """A length of time; None where the cell says that there is none."""
    if folded(plain(cell)) in NONE_OF_IT:
        return None
    found = _SPAN.fullmatch(_digits(cell))
    if found is None or not int(found[1]):
        raise WrongCellError(
            f"is {shown(plain(cell))}: write 10 days (10日), 6 months (6か月), 1 year (1年) or none (なし)"
        )
    unit = found[2][0].lower()
    return {_UNITS.get(unit, "months"): int(found[1])}


def pairs(cell: Cell) -> dict[str, str]:
    """Old series and their new ones: ``7=B7, 8=B8``, or a JSON object where a name has such a sign in it."""
    if plain(cell).startswith("{"):
        return dict(json_value(cell, dict))
    found: dict[str, str] = {}
    for each in names(cell):
        old, sign, new = (part.strip() for part in re.sub("→|->|＝", "=", each).partition("="))
        if not (sign and old and new) or old in found:
            raise WrongCellError(f"is {shown(plain(cell))}: write each old series once, with its new one: 7=B7, 8=B8")
        found[old] = new
    return found


def json_value(cell: Cell, kind: type = dict) -> Any:
    """A JSON object, or list, as an entry would have it."""
    try:
        found = read_line(plain(cell).encode(errors="surrogatepass"))
    except MalformedError as error:
        raise WrongCellError(f"is {shown(plain(cell))}: {error.message}") from None
    if not isinstance(found, kind):
        raise WrongCellError(f"is {shown(plain(cell))}: a JSON {'object' if kind is dict else 'list'} is wanted")
    return found


def name(cell: Cell) -> str:
    """A name, an id."""
    _refuse_day(cell, "write the name or id as text")
    return plain(cell)


def text(cell: Cell) -> str:
    """Any text: of a day or a number what it shows."""
    return plain(cell)


READERS: Final[Mapping[str, Callable[[Cell], Any]]] = {
    "name": name, "text": text, "day": day, "count": count, "amount": amount, "yes-no": yes_no, "names": names,
    "span": span, "pairs": pairs, "json": json_value,
}  # fmt: skip
"""By kind of column; a ratio and choices want to know more than the cell."""
