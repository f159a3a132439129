"""Open Cap Format 1.2.0 in parts: how numbers, money and ids are written, who holds, what is held, under which terms.

Every object is a JSON object by the format's own names, with an id that says what it is of: the same ledger is written
in the same words.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any, Final

from ledger.domain.spans import Span
from ledger.domain.state import Company, Person, Series, State
from ledger.domain.terms import Conditions

Object = dict[str, Any]
"""Of a package, as JSON values."""

PLACES: Final = 10
"""Decimals, the most that the format writes."""

RELATIONSHIPS: Final = {"director": "BOARD_MEMBER", "executive-officer": "EXECUTIVE"}
"""Positions for which the format has a word; for all others it has OTHER."""

DEPARTURES: Final = (
    "VOLUNTARY_OTHER",
    "VOLUNTARY_GOOD_CAUSE",
    "VOLUNTARY_RETIREMENT",
    "INVOLUNTARY_OTHER",
    "INVOLUNTARY_DISABILITY",
    "INVOLUNTARY_WITH_CAUSE",
)
"""Reasons of a termination that the ledger's terms treat alike; death is another matter."""


def number(value: Fraction | int) -> str:
    """A number as the format writes it: a string, with at most ten decimals, the rest dropped.

    >>> number(4_800), number(Fraction("126.28")), number(Fraction(40, 7))
    ('4800', '126.28', '5.7142857142')
    """
    whole, rest = divmod(int(value * 10**PLACES), 10**PLACES)
    return str(whole) if not rest else f"{whole}.{rest:0{PLACES}d}".rstrip("0")


def is_exact(value: Fraction) -> bool:
    """Whether ten decimals are enough for a number."""
    return 10**PLACES % value.denominator == 0


def money(amount: Fraction | int, currency: str) -> Object:
    """An amount of money."""
    return {"amount": number(amount), "currency": currency}


def currency_of(given: str | None) -> str:
    """The currency of a company: the yen, unless its entry gives another code of three letters."""
    return given if given is not None and re.fullmatch("[A-Z]{3}", given) else "JPY"


def relationship(position: str) -> str:
    """The format's word for a position."""
    return RELATIONSHIPS.get(position, "OTHER")


def issuer(company: Company, known_on: date) -> Object:
    """The company whose rights these are. known_on: the day of its entry."""
    return {
        "object_type": "ISSUER",
        "id": f"company-{company.company}",
        "legal_name": company.name,
        "formation_date": known_on.isoformat(),
        "country_of_formation": "JP",
        "comments": ["formation_date is the day from which the ledger knows the company; it keeps no day of formation"],
    }


def stock_class(company: Company) -> Object:
    """The common stock of a company."""
    comments = [f"shares of {company.name}; the ledger does not keep how many are authorized"]
    if company.dissolved_on is not None:
        comments.append(f"{company.name} was dissolved by a merger on {company.dissolved_on}")
    return {
        "object_type": "STOCK_CLASS",
        "id": class_id(company.company),
        "name": f"Common stock of {company.name}",
        "class_type": "COMMON",
        "default_id_prefix": "CS-",
        "initial_shares_authorized": "NOT APPLICABLE",
        "votes_per_share": "1",
        "seniority": "1",
        "comments": comments,
    }


def class_id(company: str) -> str:
    """The id of the common stock of a company."""
    return f"common-stock-{company}"


def plan_id(series: str) -> str:
    """The id of the plan that a series is written as."""
    return f"series-{series}"


def stakeholder_id(holder: str) -> str:
    """The id of a holder."""
    return f"holder-{holder}"


def stock_plan(series: Series) -> Object:
    """A series, as a plan of which the rights are issued."""
    first = series.first_shares_per_right
    return {
        "object_type": "STOCK_PLAN",
        "id": plan_id(series.series),
        "plan_name": series.name,
        "board_approval_date": series.resolved_on.isoformat(),
        "initial_shares_reserved": number(series.max_rights * first),
        "default_cancellation_behavior": "RETIRE",
        "stock_class_ids": [class_id(series.company)],
        "comments": list(_of_plan(series)),
    }


def _of_plan(series: Series) -> Iterator[str]:
    """What the format has no field for, in words."""
    conditions = series.terms.conditions
    yield f"series {series.series}: at most {series.max_rights:,} rights of {series.first_shares_per_right:,} shares"
    if series.replaces is not None:
        yield f"replaces series {series.replaces} by a restructuring on {series.resolved_on}"
    yield f"exercise period: {series.period}"
    yield _opens(conditions)
    yield _lost(conditions)
    if conditions.inheritance is not None:
        yield f"one heir may exercise within {conditions.inheritance.window} of inheriting, which is after the death"
    yield f"transfer: {conditions.transfer}" + ("; all rights of a holding at once" if conditions.lump_sum else "")
    if series.terms.exercise_price_adjustment == "fixed":
        yield "the exercise price per share stays as it is when shares are split or consolidated"
    else:
        yield "the exercise price is divided by the ratio of a split or consolidation, and rounded up to the yen"


def _opens(conditions: Conditions) -> str:
    after = "until the period ends" if conditions.after_departure is None else f"within {conditions.after_departure}"
    if conditions.while_in_office:
        return f"exercisable in office, and after a departure {after}"
    return f"exercisable only after a departure, {after}, not in office"


def _lost(conditions: Conditions) -> str:
    """Which departure counts."""
    counting = "any position" if conditions.positions is None else " or ".join(conditions.positions)
    when = "no such position is left" if conditions.departure == "all" else "one such position is gone"
    return f"a departure: {when} ({counting} counts)"


def termination_windows(conditions: Conditions) -> list[Object]:
    """How long after which termination rights may be exercised, as far as a number of days, months or years says it.

    Death: nothing, where rights lapse with it. Where they pass on, the heir's time begins with inheriting, for which
    the format has no window.
    """
    windows = []
    if conditions.after_departure is not None:
        windows = [_window(reason, conditions.after_departure) for reason in DEPARTURES]
    if conditions.inheritance is None:
        windows.append({"reason": "INVOLUNTARY_DEATH", "period": 0, "period_type": "DAYS"})
    return windows


def _window(reason: str, span: Span) -> Object:
    counts = ((span.days, "DAYS"), (span.months, "MONTHS"), (span.years, "YEARS"))
    period, unit = next(each for each in counts if each[0])
    return {"reason": reason, "period": period, "period_type": unit}


def stakeholder(person: Person, name_of: Callable[[str], str | None]) -> Object:
    """Somebody who holds rights or an office. name_of: gives the name, where there is one; else the id stands there."""
    found: Object = {
        "object_type": "STAKEHOLDER",
        "id": stakeholder_id(person.holder),
        "name": {"legal_name": name_of(person.holder) or person.holder},
        "stakeholder_type": "INDIVIDUAL",
        "issuer_assigned_id": person.holder,
    }
    positions = sorted(person.positions) if person.died_on is None else []
    words = {relationship(position) for position in positions}
    if words:
        found["current_relationship"] = min(words, key=["BOARD_MEMBER", "EXECUTIVE", "OTHER"].index)
    comments = [f"positions: {', '.join(positions)}"] if positions else []
    if person.died_on is not None:
        comments.append(f"died on {person.died_on}")
    heirs = sorted({key.inherited_from for key in person.holdings if key.inherited_from is not None})
    comments += [f"heir of {deceased}" for deceased in heirs]
    return found | ({"comments": comments} if comments else {})


def objects(state: State, name_of: Callable[[str], str | None]) -> tuple[list[Object], list[Object], list[Object]]:
    """All stakeholders, stock classes and plans that are known, each by id."""
    return (
        [stakeholder(state.people[holder], name_of) for holder in sorted(state.people)],
        [stock_class(state.companies[company]) for company in sorted(state.companies)],
        [stock_plan(state.series[series]) for series in sorted(state.series)],
    )
