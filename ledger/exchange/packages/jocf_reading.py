"""Packages in JOCF, the Japanese variant of Open Cap Format: options are counted in rights (個), with shares for each.

The format has no field for who holds an option, its exercise price or its period, and its own samples are spelled in
several ways. What a program added is read; an option that lacks what a right cannot be without is listed, with the
name of the field that would be read.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final, NamedTuple

from ledger.domain.spans import LAST_DAY, Span, last_day
from ledger.domain.strict_json import MAX_NAME
from ledger.exchange.packages.found import FaultError, Found, amount_of, day_in, name_from, number_in
from ledger.exchange.packages.harvest import Harvest
from ledger.exchange.packages.ocf_holders import Holders
from ledger.exchange.packages.ocf_package import Package
from ledger.exchange.packages.ocf_reading import finished, issuer_name, record_companies, why_left
from ledger.exchange.packages.ocf_terms import NO_LIMIT
from ledger.exchange.packages.share_classes import ShareClasses
from ledger.exchange.plan import Plan

ISSUANCE: Final = "TX_STOCK_OPTION_ISSUANCE"
ACTS: Final = {"TX_STOCK_OPTION_EXERCISE": "exercise", "TX_STOCK_OPTION_CANCELLATION": "waiver"}
OWN: Final = ("STOCK_OPTION_", "STOCK_OPTOIN_", "STOCK_SPLIT", "STOCK_MERGER")
"""What is told as a transaction by some, without `TX_`, and as the samples of the format spell it."""
HOLDER: Final = ("securityholder_id", "security_holder_id", "stakeholder_id", "holder_id", "holder")
NAME: Final = ("series", "series_name", "name", "description", "id")
LINK: Final = ("security_id", "stock_option_id", "issuance_id", "stock_option_issuance_id")
LAST: Final = ("expiration_date", "exercise_until", "exercise_end_date")
FIRST: Final = ("exercise_from", "exercise_start_date")


class _Option(NamedTuple):
    """An issuance. terms: whatever those of one series have in common."""

    found: Found
    holder: str
    rights: int
    terms: "_Terms"


class _Terms(NamedTuple):
    name: str
    on: date
    shares_per_right: int
    price: Fraction
    first: date
    last: date | None
    paid: Fraction | None
    currency: str | None


def japanese_plan(package: Package) -> Plan:
    """What a package of the Japanese variant would record."""
    harvest = Harvest("jocf")
    objects = [*_once(map(_plain, package.objects), harvest)]
    classes, holders = ShareClasses(objects, harvest), Holders(objects, harvest)
    options = [option for each in objects if each.kind == ISSUANCE and (option := _option(each, holders, harvest))]
    currency = next((each.terms.currency for each in options if each.terms.currency), "JPY")
    main, company = classes.chosen([]), issuer_name(package.issuer, package.name)
    classes.record({main: [company]})
    series = _issue(options, company, currency, harvest)
    _act(objects, options, series, harvest)
    holders.record()
    record_companies({(main, currency): company}, package, package.issuer, harvest)
    for each in objects:
        if not harvest.has(each):
            harvest.leave(each, why_left(each))
    return finished(package, harvest)


def _plain(found: Found) -> Found:
    """An object with its names in the one way in which they are read, whatever way they were written in."""
    value: dict[str, Any] = _snake(found.value)
    kind = value.get("object_type")
    if isinstance(kind, str):
        kind = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind).upper().replace("-", "_")
        value["object_type"] = (f"TX_{kind}" if kind.startswith(OWN) else kind).replace("OPTOIN", "OPTION")
    return found._replace(value=value)


def _snake(value: Any) -> Any:
    """A value with its keys in snake_case; of two that become the same, the first counts."""
    if isinstance(value, list):
        return [_snake(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = dict[str, Any]()
    for key, item in value.items():
        found.setdefault(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).replace("-", "_").lower(), _snake(item))
    return found


def _once(objects: Iterable[Found], harvest: Harvest) -> Iterable[Found]:
    """The objects; of two that are the same the second is listed. The format's own samples give one id to several."""
    first = dict[tuple[str, str], list[Found]]()
    for each in objects:
        same = first.setdefault((each.kind, each.id), [])
        if any(other.value == each.value for other in same):
            harvest.leave(each, "the package holds it twice; it counts once")
        else:
            same.append(each)
            yield each


def _option(found: Found, holders: Holders, harvest: Harvest) -> _Option | None:
    """An option that can be taken over; None where it is listed, or is a problem."""
    try:
        price, holder = found.maybe_money("exercise_price"), found.maybe_text(*HOLDER)
        lacks = [name for name, value in (("exercise_price", price), (HOLDER[0], holder)) if value is None]
        if price is None or holder is None:
            named = " and ".join(f"`{each}`" for each in lacks)
            harvest.leave(found, f"no right can be without {named}, and the package does not say: add it to the object")
            return None
        return _Option(
            found, holders.id_of(holder) or name_from(holder) or "holder", _whole(found, "quantity"), _terms(found)
        )
    except FaultError as fault:
        harvest.problem(found, fault.field, fault.says)
        return None


def _terms(found: Found) -> _Terms:
    on, price, paid = found.day("date"), found.maybe_money("exercise_price"), found.maybe_money("unit_price")
    period = found.value.get("exercise_period")
    given: dict[str, Any] = period if isinstance(period, dict) else {}
    first = found.maybe_day(*FIRST) or (day_in("exercise_period", given["from"]) if "from" in given else on)
    last = found.maybe_day(*LAST) or (day_in("exercise_period", given["until"]) if "until" in given else None)
    if last is not None and last < first:
        raise FaultError(LAST[0], f"{last} is before {first}, its first day of exercise")
    return _Terms(
        name=name_from(found.maybe_text(*NAME) or found.id) or "options",
        on=on,
        shares_per_right=_whole(found, "share_per_unit", "shares_per_unit"),
        price=Fraction(0) if price is None else price.amount,
        first=first,
        last=last,
        paid=None if paid is None else paid.amount,
        currency=None if price is None else price.currency,
    )


def _whole(found: Found, *fields: str) -> int:
    """A whole number above 0, also where the schema has it as an amount of money. Raises `FaultError`."""
    field = next((each for each in fields if found.value.get(each) is not None), fields[0])
    value = found.value.get(field)
    if isinstance(value, dict):
        value = value.get("amount", value.get("ammount"))
    number = number_in(field, value)
    if number.denominator != 1 or not number:
        raise FaultError(field, f"{number} is no whole number above 0; rights cannot be divided")
    return number.numerator


def _issue(options: Sequence[_Option], company: str, currency: str, harvest: Harvest) -> dict[_Terms, str]:
    """Plan the series and their allotments; gives the id of each."""
    groups, series = dict[_Terms, list[_Option]](), dict[_Terms, str]()
    for option in options:
        groups.setdefault(option.terms, []).append(option)
    for terms, members in groups.items():
        named = terms.name[: MAX_NAME - 40]
        named = f"{named} {terms.on}" if named in series.values() else named
        id_ = named if named not in series.values() else f"{named} ({len(series) + 1})"
        series[terms] = id_
        found = members[0].found
        _issue_one(terms, id_, company, sum(each.rights for each in members), found, harvest)
        if terms.currency not in {None, currency}:
            harvest.problem(found, "exercise_price", f"its price is in {terms.currency}, and others are in {currency}")
        for each in members:
            position = name_from(each.found.maybe_text("position") or "holder") or "holder"
            entry = {"type": "allotment", "series": id_, "holder": each.holder, "position": position}
            harvest.plan(each.found, {**entry, "rights": each.rights, "on": f"{terms.on}"})
    return series


def _issue_one(terms: _Terms, id_: str, company: str, rights: int, found: Found, harvest: Harvest) -> None:
    last = terms.last or min(LAST_DAY, last_day(terms.first, Span(years=1_000)))
    if terms.last is None:
        harvest.note(found, None, f"series {id_}: it has no last day; the series is exercisable until {last}")
    price = amount_of(terms.price)
    if price is None:
        harvest.problem(found, "exercise_price", f"{terms.price} has no end in decimals")
        return
    written = {
        "company": company,
        "name": terms.name,
        "max_rights": rights,
        "shares_per_right": terms.shares_per_right,
        "exercise_price": price,
        "exercise_period": {"from": f"{terms.first}", "until": f"{last}"},
        "allotment_date": f"{terms.on}",
        "payment": "cash" if terms.paid else "none",
        "conditions": {
            "while_in_office": True,
            "after_departure": None,
            "inheritance": {"window": NO_LIMIT},
            "transfer": "free",
        },
        "exercise_price_adjustment": "inverse",
    }
    harvest.plan(found, {"type": "issue", "series": id_, "on": f"{terms.on}", "terms": written}, "issue")
    if terms.paid:
        per_right, per_share = amount_of(terms.paid), amount_of(terms.paid / terms.shares_per_right)
        if per_right is None or per_share is None:
            harvest.note(found, "unit_price", f"{terms.paid} a right is no decimal number a share: record the price")
            return
        entry = {"type": "pricing", "series": id_, "on": f"{terms.on}", "price_per_share": per_share}
        harvest.plan(found, {**entry, "price_per_right": per_right}, "pricing")


def _act(objects: Iterable[Found], options: Sequence[_Option], series: dict[_Terms, str], harvest: Harvest) -> None:
    """Plan exercises and cancellations. The schema lets them name no option; where there is one, it is that one."""
    by_link = {link: each for each in options for field in (*LINK, "id") if (link := each.found.maybe_text(field))}
    for found in objects:
        if found.kind not in ACTS:
            continue
        link = found.maybe_text(*LINK)
        option = by_link.get(link) if link is not None else options[0] if len(options) == 1 else None
        if option is None:
            harvest.leave(found, f"it does not say of which option that is taken over: `{LINK[0]}` would")
            continue
        try:
            rights, on = _whole(found, "quantity"), found.day("date")
        except FaultError as fault:
            harvest.problem(found, fault.field, fault.says)
            continue
        kind = ACTS[found.kind]
        note = {"note": "cancelled, by the package"} if kind == "waiver" else {}
        entry = {"type": kind, "series": series[option.terms], "holder": option.holder, "rights": rights}
        harvest.plan(found, {**entry, "on": f"{on}", **note})
