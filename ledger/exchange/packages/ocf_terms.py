"""What a grant of a package says of the conditions of its rights: from when, until when, how long after leaving."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final, NamedTuple

from ledger.domain.spans import LAST_DAY, Span, last_day
from ledger.domain.units import rounded_up
from ledger.exchange.packages.found import FaultError, Found, day_in, number_in, plain, quoted

DEATH: Final = "INVOLUNTARY_DEATH"
UNITS: Final = {"DAYS": ("days", 1), "MONTHS": ("months", 30), "YEARS": ("years", 365)}
"""How the ledger calls a unit, and how many days it has when the longest of several is looked for."""
NO_LIMIT: Final = {"years": 1_000}
"""The longest span of an heir: the exercise period ends before."""
LONGEST_PERIOD: Final = Span(years=1_000)
AT_WILL: Final = frozenset({"ELECTIVE_AT_WILL", "ELECTIVE_IN_RANGE", "UNSPECIFIED"})
MOST_PERIOD: Final = 100_000
"""Days."""
MOST_CONDITIONS: Final = 200
"""Of one schedule; there is a part a month for no more than some years."""
MOST_BEFORE: Final = 100
"""Conditions that one may depend on, one after the other, for its day to be known."""


class Window(NamedTuple):
    """How long rights may be exercised after leaving for a reason. length: in units as entries call them; may be 0."""

    reason: str
    length: int
    unit: str

    @property
    def days(self) -> int:
        """About how many days it has."""
        return self.length * next(days for name, days in UNITS.values() if name == self.unit)

    def __str__(self) -> str:
        return f"{self.reason} {self.length} {self.unit}"


class GrantTerms(NamedTuple):
    """What rights have in common that stand in one series.

    plan: its name, or what the grant is called. stock_class: of the shares. price: per share, in the currency.
    first, last: days of exercise, the last None where none is given. windows: in the order of their reasons.
    paid: per share, for a warrant.
    """

    plan: str
    stock_class: str | None
    currency: str | None
    on: date
    price: Fraction
    first: date
    last: date | None
    windows: tuple[Window, ...] = ()
    is_warrant: bool = False
    paid: Fraction | None = None

    def period(self) -> dict[str, str]:
        """The exercise period, as entries write it."""
        last = self.last or min(LAST_DAY, last_day(self.first, LONGEST_PERIOD))
        return {"from": f"{self.first}", "until": f"{last}"}

    def conditions(self) -> dict[str, Any]:
        """The conditions of exercise, as entries write them.

        Rights may be exercised in office and transferred: the format knows no rule against either. After leaving, the
        longest of the windows counts, so that none is cut short. Where none is given, the period is the only limit.
        """
        found: dict[str, Any] = {
            "while_in_office": True,
            "after_departure": None,
            "inheritance": {"window": NO_LIMIT},
            "transfer": "free",
        }
        living = [each for each in self.windows if each.reason != DEATH]
        if living and not self.is_warrant:
            longest = max(living, key=lambda each: each.days)
            found["after_departure"] = {longest.unit: longest.length} if longest.length else {"days": 1}
        for each in self.windows:
            if each.reason == DEATH:
                found["inheritance"] = {"window": {each.unit: each.length}} if each.length else None
        return found

    def remarks(self) -> list[str]:
        """What the conditions do not say as the package does."""
        found = []
        if self.last is None:
            found.append(f"it has no day of expiry; the series is exercisable until {self.period()['until']}")
        living = [each for each in self.windows if each.reason != DEATH]
        if len({(each.length, each.unit) for each in living}) > 1:
            told = ", ".join(map(str, living))
            found.append(f"the time to exercise after leaving differs by reason ({told}); the longest counts for all")
        elif living and not living[0].length:
            found.append("no day is left to exercise after leaving; the ledger counts one, the next")
        elif living:
            reasons = ", ".join(each.reason for each in living)
            found.append(f"the time to exercise after leaving is given for {reasons}; it counts for every reason")
        return found


def windows_of(found: Found) -> tuple[Window, ...]:
    """The windows after a termination, by reason. Raises `FaultError`."""
    field = "termination_exercise_windows"
    value = found.value.get(field)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise FaultError(field, "is no list")
    windows = set[Window]()
    for each in value:
        unit = _unit(each.get("period_type")) if isinstance(each, dict) else None
        if not isinstance(each, dict) or unit is None:
            raise FaultError(field, f"{quoted(each)} has no `period_type` of {', '.join(UNITS)}")
        count = number_in(field, each.get("period"))
        if count.denominator != 1 or count * unit[1] > MOST_PERIOD:
            raise FaultError(field, f"{count} {each['period_type']} is no whole span of at most {MOST_PERIOD:,} days")
        windows.add(Window(quoted(each.get("reason")), count.numerator, unit[0]))
    return tuple(sorted(windows))


def _unit(name: object) -> tuple[str, int] | None:
    return UNITS.get(name) if isinstance(name, str) else None


def first_day_of(found: Found, on: date, schedules: Mapping[str, Found], starts: Mapping[str, date]) -> date:
    """The first day on which anything of a grant may be exercised; the ledger knows no more of its vesting.

    schedules: vesting terms by id. starts: the day on which vesting starts, by security. Raises `FaultError`.
    """
    if found.value.get("early_exercisable") is True:
        return on
    vestings = found.value.get("vestings")
    if isinstance(vestings, list) and vestings:
        days = [
            day_in("vestings", each.get("date"))
            for each in vestings
            if isinstance(each, dict) and number_in("vestings", each.get("amount"))
        ]
        return max(on, min(days, default=on))
    schedule = schedules.get(found.maybe_text("vesting_terms_id") or "")
    if schedule is None:
        return on
    start = starts.get(found.maybe_text("security_id") or "", on)
    return max(on, _first_vested(schedule.value.get("vesting_conditions"), start) or on)


def _first_vested(conditions: object, start: date) -> date | None:
    """The first day on which a condition gives a part, as far as days decide about it; None where they do not."""
    known = {
        each["id"]: each
        for each in (conditions[:MOST_CONDITIONS] if isinstance(conditions, list) else ())
        if isinstance(each, dict) and isinstance(each.get("id"), str) and isinstance(each.get("trigger"), dict)
    }
    days = [day for each in known.values() if _gives(each) and (day := _day_of(each, known, start, MOST_BEFORE))]
    return min(days, default=None)


def _gives(condition: Mapping[str, Any]) -> bool:
    portion, quantity = condition.get("portion"), condition.get("quantity")
    part = portion.get("numerator") if isinstance(portion, dict) else quantity
    try:
        return number_in("vesting_conditions", part) > 0
    except FaultError:
        return False


def _day_of(condition: Mapping[str, Any], known: Mapping[str, Any], start: date, left: int) -> date | None:
    """The day of a condition. left: how many others it may still depend on; a circle has no day."""
    trigger = condition["trigger"]
    match trigger.get("type"):
        case "VESTING_START_DATE":
            return start
        case "VESTING_SCHEDULE_ABSOLUTE":
            try:
                return day_in("date", trigger.get("date"))
            except FaultError:
                return None
        case "VESTING_SCHEDULE_RELATIVE":
            before = known.get(str(trigger.get("relative_to_condition_id")))
            base = _day_of(before, known, start, left - 1) if before and left > 0 else None
            return None if base is None else _later(base, trigger.get("period"))
        case _:
            return None


def _later(day: date, period: object) -> date | None:
    named = _unit(period.get("type")) if isinstance(period, dict) else None
    if not isinstance(period, dict) or named is None:
        return None
    try:
        length = number_in("period", period.get("length"))
    except FaultError:
        return None
    unit, days = named
    if length.denominator != 1 or not 0 <= length * days <= MOST_PERIOD:
        return None
    # The last day of the span counted from the day is the one before the corresponding day (Civil Code 143).
    return last_day(day, Span(**{unit: length.numerator})) + timedelta(days=1) if length else day


def price_steps(price: Fraction, ratios: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    """The price per share after some ratios: exact, and as `inverse` reckons it, rounded up at every step."""
    exact = rounded = price
    for ratio in ratios:
        exact, rounded = exact / ratio, Fraction(rounded_up(rounded / ratio))
    return exact, rounded


def adjustment_of(terms: GrantTerms, ratios: Sequence[Fraction]) -> tuple[str, str | None]:
    """How the price follows splits, and what to say of it where that is not exact.

    A split divides the price. The ledger rounds it up to whole units, as is the rule for yen; a price that has cents
    may be far off then, and stays as it is. Which of both does not depend on splits: a later package has more of them.
    """
    is_divided = terms.currency == "JPY" or terms.price.denominator == 1
    exact, rounded = price_steps(terms.price, ratios)
    kept = rounded if is_divided else terms.price
    adjustment = "inverse" if is_divided else "fixed"
    if kept == exact or terms.currency == "JPY":
        return adjustment, None
    return adjustment, (
        f"after the splits its exercise price is {plain(exact)} {terms.currency or ''} a share; the ledger "
        f"divides whole units alone, rounds them up, and reckons payments with {plain(kept)}"
    )


def warrant_days(found: Found, on: date) -> tuple[date, date | None] | None:
    """The first and the last day of a warrant that its holder may exercise at will; None for any other."""
    triggers = found.value.get("exercise_triggers")
    for each in triggers if isinstance(triggers, list) else ():
        if isinstance(each, dict) and str(each.get("type")) in AT_WILL:
            start, end = each.get("start_date"), each.get("end_date")
            first = max(on, day_in("exercise_triggers", start)) if start is not None else on
            last = found.maybe_day("warrant_expiration_date")
            return first, last or (day_in("exercise_triggers", end) if end is not None else None)
    return None


def by_id(objects: Iterable[Found], kind: str) -> dict[str, Found]:
    """The objects of a kind by their ids, the first of each."""
    found = dict[str, Found]()
    for each in objects:
        if each.kind == kind:
            found.setdefault(each.id, each)
    return found
