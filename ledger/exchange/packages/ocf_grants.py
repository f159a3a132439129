"""The grants of a package: which of its issuances are rights, and in which series they stand."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import chain, count
from typing import Any, Final, NamedTuple

from ledger.domain.strict_json import MAX_NAME
from ledger.exchange.packages.found import FaultError, Found, amount_of, name_from, plain, quoted
from ledger.exchange.packages.harvest import Harvest
from ledger.exchange.packages.ocf_holders import Holders
from ledger.exchange.packages.ocf_terms import GrantTerms, adjustment_of, by_id, first_day_of, warrant_days, windows_of
from ledger.exchange.packages.share_classes import ShareClasses

GRANTS: Final = frozenset({"TX_EQUITY_COMPENSATION_ISSUANCE", "TX_PLAN_SECURITY_ISSUANCE"})
WARRANTS: Final = "TX_WARRANT_ISSUANCE"
RETRACTIONS: Final = frozenset(
    {"TX_EQUITY_COMPENSATION_RETRACTION", "TX_PLAN_SECURITY_RETRACTION", "TX_WARRANT_RETRACTION"}
)
NO_OPTIONS: Final = {
    "RSU": "restricted share units deliver shares by themselves; nobody exercises them",
    "CSAR": "stock appreciation rights settled in cash deliver no shares",
    "SSAR": "stock appreciation rights deliver shares for the rise of their price alone; their number is not fixed",
}
EXERCISES: Final = frozenset({"TX_EQUITY_COMPENSATION_EXERCISE", "TX_PLAN_SECURITY_EXERCISE", "TX_WARRANT_EXERCISE"})
NOT_AT_WILL: Final = "no trigger lets its holder exercise at will for a fixed number of shares at a fixed price"


class Grant(NamedTuple):
    """An issuance that gives rights. stakeholder: its id in the package. shares: of the day of issue."""

    found: Found
    security: str
    stakeholder: str
    shares: Fraction
    terms: GrantTerms


class Series(NamedTuple):
    """A series as it was planned, and what follows for its acts."""

    id: str
    terms: GrantTerms
    shares_per_right: int


class Grants:
    """Reads the issuances of a package."""

    def __init__(
        self,
        objects: Sequence[Found],
        *,
        holders: Holders,
        classes: ShareClasses,
        harvest: Harvest,
        currency: str | None,
    ) -> None:
        self._holders, self._classes, self._harvest = holders, classes, harvest
        self._currency = currency
        self._plans = by_id(objects, "STOCK_PLAN")
        self._schedules = by_id(objects, "VESTING_TERMS")
        self._retracted = _retracted(objects)
        self._starts = _days_of(objects, {"TX_VESTING_START"})
        self._used = _days_of(objects, EXERCISES)

    def read(self, objects: Iterable[Found]) -> dict[str, Grant]:
        """The grants by their security; whatever else was issued, or nobody holds, is listed."""
        found = dict[str, Grant]()
        for each in objects:
            if each.kind not in GRANTS and each.kind != WARRANTS:
                continue
            try:
                grant = self._read(each)
            except FaultError as fault:
                self._harvest.problem(each, fault.field, fault.says)
                continue
            if grant is None:
                continue
            if grant.security in found:
                says = (
                    f"security {quoted(grant.security)} was issued before, by {quoted(found[grant.security].found.id)}"
                )
                self._harvest.problem(each, "security_id", says)
            else:
                found[grant.security] = grant
        return found

    def _read(self, found: Found) -> Grant | None:
        """A grant, or None where it is listed instead."""
        kind = found.maybe_text("compensation_type", "plan_security_type") or "OPTION"
        if kind in NO_OPTIONS or not kind.startswith("OPTION"):
            says = NO_OPTIONS.get(kind, f"the ledger knows no compensation of the type {quoted(kind)}")
            self._harvest.leave(found, says)
            return None
        stakeholder, security = found.text("stakeholder_id"), found.text("security_id")
        retraction = self._retracted.get((found.kind == WARRANTS, security))
        if retraction is not None:
            self._harvest.leave(found, "its security was retracted, so it was never granted")
            self._harvest.leave(retraction, "the issuance that it takes back is not recorded")
        elif self._holders.id_of(stakeholder) is None:
            self._harvest.leave(found, f"its stakeholder {quoted(stakeholder)} is not in the package")
        else:
            terms = self._warrant(found) if found.kind == WARRANTS else self._option(found)
            if terms is None:
                self._harvest.leave(found, NOT_AT_WILL)
                return None
            if terms.last is not None and terms.last < terms.first:
                raise FaultError("expiration_date", f"{terms.last} is before {terms.first}, its first day of exercise")
            shares = found.number("quantity")
            if shares:
                return Grant(found, security, stakeholder, shares, terms)
            self._harvest.leave(found, "it is for no share")
        return None

    def _option(self, found: Found) -> GrantTerms:
        price, on = found.maybe_money("exercise_price"), found.day("date")
        if price is None:
            raise FaultError("exercise_price", "is missing; an option has one")
        first, last = self._first_day(found, on), found.maybe_day("expiration_date")
        if last is not None and on <= last < first:
            self._harvest.note(found, None, f"it expires on {last}, before its first part vests on {first}")
            first = on
        plan, stock_class = self._plan_of(found), self._class_of(found)
        currency = price.currency or self._currency
        return GrantTerms(plan, stock_class, currency, on, price.amount, first, last, windows_of(found))

    def _first_day(self, found: Found, on: date) -> date:
        """The first day of exercise; the package's own exercises show where its vesting does not decide about it."""
        first = first_day_of(found, on, self._schedules, self._starts)
        used_on = self._used.get(found.text("security_id"), first)
        if used_on < first:
            self._harvest.note(
                found, None, f"its first part vests on {first}, and it was exercised on {used_on} already"
            )
            return on
        return first

    def _warrant(self, found: Found) -> GrantTerms | None:
        price, on = found.maybe_money("exercise_price"), found.day("date")
        days = warrant_days(found, on)
        if price is None or days is None or found.value.get("quantity") is None:
            return None
        paid, shares = found.maybe_money("purchase_price"), found.number("quantity")
        per_share = paid.amount / shares if paid and shares and paid.currency == price.currency else None
        plan, stock_class = self._plan_of(found), self._class_of(found)
        return GrantTerms(
            plan,
            stock_class,
            price.currency or self._currency,
            on,
            price.amount,
            *days,
            is_warrant=True,
            paid=per_share,
        )

    def _plan_of(self, found: Found) -> str:
        plan = self._plans.get(found.maybe_text("stock_plan_id") or "")
        if plan is not None:
            self._harvest.use(plan)
            return name_from(plan.maybe_text("plan_name") or plan.id) or "plan"
        return name_from(found.maybe_text("custom_id") or found.text("security_id")) or "grant"

    def _class_of(self, found: Found) -> str | None:
        own = found.maybe_text("stock_class_id") or _trigger_class(found)
        plan = self._plans.get(found.maybe_text("stock_plan_id") or "")
        of_plan = [] if plan is None else [*plan.texts("stock_class_ids"), *plan.texts("stock_class_id")]
        return self._classes.chosen([own] if own else of_plan)

    def issue(
        self, originals: Iterable[Grant], companies: Mapping[tuple[str | None, str | None], str]
    ) -> dict[str, Series]:
        """Plan a series for the grants that have their terms in common, and their allotments; gives it by security.

        companies: ids by the class of shares and the currency.
        """
        groups = dict[GrantTerms, list[Grant]]()
        for each in originals:
            groups.setdefault(each.terms, []).append(each)
        series, taken = dict[str, Series](), set[str]()
        for terms, grants in groups.items():
            shares_per_right = self._classes.shares_per_right(terms.stock_class, terms.on)
            rights = {each.security: int(each.shares // shares_per_right) for each in grants}
            whole = [each for each in grants if rights[each.security]]
            for each in grants:
                self._tell_rest(each, shares_per_right, is_held=each in whole)
            if whole:
                id_ = _series_id(terms, whole[0], taken)
                planned = Series(id_, terms, shares_per_right)
                company = companies[terms.stock_class, terms.currency]
                self._issue(planned, company, whole[0].found, sum(rights.values()))
                self._allot(planned, whole, rights)
                series |= {each.security: planned for each in whole}
        return series

    def _issue(self, series: Series, company: str, found: Found, rights: int) -> None:
        terms = series.terms
        ratios = [each.ratio for each in self._classes.changes_after(terms.stock_class, terms.on)]
        adjustment, remark = adjustment_of(terms, ratios)
        for says in [*terms.remarks(), *filter(None, [remark])]:
            self._harvest.note(found, None, f"series {series.id}: {says}")
        written: dict[str, Any] = {
            "company": company,
            "name": terms.plan,
            "max_rights": rights,
            "shares_per_right": series.shares_per_right,
            "exercise_price": _amount("exercise_price", terms.price, found, self._harvest),
            "exercise_period": terms.period(),
            "allotment_date": f"{terms.on}",
            "payment": "cash" if terms.is_warrant else "none",
            "conditions": terms.conditions(),
            "exercise_price_adjustment": adjustment,
        }
        self._harvest.plan(
            found, {"type": "issue", "series": series.id, "on": f"{terms.on}", "terms": written}, "issue"
        )
        if terms.paid:
            self._price(series, found, terms.paid)

    def _price(self, series: Series, found: Found, paid: Fraction) -> None:
        per_share, per_right = amount_of(paid), amount_of(paid * series.shares_per_right)
        if per_share is None or per_right is None:
            says = f"its purchase price is {paid} a share, which no decimals can say: record the price of the series"
            self._harvest.note(found, "purchase_price", says)
            return
        entry = {"type": "pricing", "series": series.id, "on": f"{series.terms.on}", "price_per_share": per_share}
        self._harvest.plan(found, {**entry, "price_per_right": per_right}, "pricing")

    def _allot(self, series: Series, grants: Iterable[Grant], rights: Mapping[str, int]) -> None:
        for each in grants:
            entry = {
                "type": "allotment",
                "series": series.id,
                "holder": self._holders.id_of(each.stakeholder),
                "position": self._holders.position(each.stakeholder),
                "rights": rights[each.security],
                "on": f"{series.terms.on}",
            }
            self._harvest.plan(each.found, entry)

    def _tell_rest(self, grant: Grant, shares_per_right: int, *, is_held: bool) -> None:
        rest = grant.shares % shares_per_right
        if rest:
            says = (
                f"{plain(rest)} of its {plain(grant.shares)} shares make no whole right of {shares_per_right} shares, "
                "the fewest that the splits leave whole: the ledger shows so many less"
            )
            (self._harvest.note(grant.found, "quantity", says) if is_held else self._harvest.leave(grant.found, says))


def _series_id(terms: GrantTerms, first: Grant, taken: set[str]) -> str:
    """An id that a person recognises: the plan, the day, and what the first grant is called where others have both."""
    called = name_from(first.found.maybe_text("custom_id") or first.security) or ""
    named = f"{terms.plan[: MAX_NAME - 80]} {terms.on}"
    full = f"{named} {called[:40]}"
    free = next(id_ for id_ in chain([named, full], (f"{full} ({n})" for n in count(2))) if id_ not in taken)
    taken.add(free)
    return free


def _amount(field: str, number: Fraction, found: Found, harvest: Harvest) -> int | str:
    amount = amount_of(number)
    if amount is None:
        harvest.problem(found, field, f"{number} has no end in decimals")
        return 0
    return amount


def _trigger_class(found: Found) -> str | None:
    triggers = found.value.get("exercise_triggers")
    for each in triggers if isinstance(triggers, list) else ():
        right = each.get("conversion_right") if isinstance(each, dict) else None
        of = right.get("converts_to_stock_class_id") if isinstance(right, dict) else None
        if isinstance(of, str) and of:
            return of
    return None


def _retracted(objects: Iterable[Found]) -> dict[tuple[bool, str], Found]:
    """The retractions by what they take back: whether it is a warrant, and its security."""
    return {
        ("WARRANT" in each.kind, of): each
        for each in objects
        if each.kind in RETRACTIONS and (of := each.maybe_text("security_id"))
    }


def _days_of(objects: Iterable[Found], kinds: Collection[str]) -> dict[str, date]:
    """The first day of objects of some kinds, by security."""
    found = dict[str, date]()
    for each in objects:
        if each.kind in kinds and (of := each.maybe_text("security_id")):
            try:
                on = each.day("date")
            except FaultError:
                continue  # told or listed like every other
            found[of] = min(on, found.get(of, on))
    return found
