"""The classes of shares of a package, and what splits and consolidations made of a share of each."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import lcm
from typing import Final, NamedTuple

from ledger.domain.wellformed import RATIO
from ledger.exchange.packages.found import FaultError, Found, name_from, ratio_in
from ledger.exchange.packages.harvest import Harvest

RATIOS: Final = {"TX_STOCK_CLASS_SPLIT": "split_ratio", "TX_STOCK_SPLIT": "split_ratio"}
"""New shares per old share. (Open Cap Format has one kind for both directions.)"""

INVERTED: Final = {"TX_STOCK_MERGER": "merger_ratio"}
"""Old shares per new share."""


MOST_CHANGES: Final = 100
"""Of one class: what they make of a share together stays a number that can be told."""


class Change(NamedTuple):
    """A split or a consolidation. on: the first day of the new number. ratio: new shares per old share."""

    found: Found
    on: date
    ratio: Fraction


class ShareClasses:
    """The classes of a package by their ids, and the changes of their numbers of shares, in the order of their days."""

    def __init__(self, objects: Iterable[Found], harvest: Harvest) -> None:
        self._harvest = harvest
        self._names = dict[str, str]()
        self._common = list[str]()
        self._changes = dict[str, list[Change]]()
        for each in objects:
            if each.kind == "STOCK_CLASS":
                self._learn(each)
            elif each.kind in RATIOS or each.kind in INVERTED:
                self._change(each)
        for changes in self._changes.values():
            changes.sort(key=lambda change: change.on)

    def _learn(self, found: Found) -> None:
        self._names.setdefault(found.id, name_from(found.maybe_text("name") or found.id) or "shares")
        if found.maybe_text("class_type") == "COMMON":
            self._common.append(found.id)
        self._harvest.use(found)

    def _change(self, found: Found) -> None:
        try:
            on, of = found.day("date"), found.text("stock_class_id")
            field = RATIOS.get(found.kind) or INVERTED[found.kind]
            ratio = ratio_in(field, found.value.get(field))
            if found.kind in INVERTED and ratio > 1:
                ratio = 1 / ratio
            if not RATIO.fullmatch(str(ratio)):
                raise FaultError(field, f"{ratio} has more than 16 digits on one side")
        except FaultError as fault:
            self._harvest.problem(found, fault.field, fault.says)
            return
        if len(self._changes.get(of, ())) >= MOST_CHANGES:
            self._harvest.problem(found, None, f"its class is split more than {MOST_CHANGES} times")
        elif ratio == 1:
            self._harvest.leave(found, "one new share for an old one changes nothing")
        else:
            self._changes.setdefault(of, []).append(Change(found, on, ratio))

    def name(self, class_: str) -> str:
        """What a class is called, or its id where the package does not say."""
        return self._names.get(class_) or name_from(class_) or "shares"

    def chosen(self, candidates: Sequence[str]) -> str | None:
        """The class that rights are over: of those that are named, common shares first; of none named, likewise of all.

        None where the package has no class at all.
        """
        among = [*candidates] or [*self._names] or [*self._changes]
        return next((each for each in among if each in self._common), among[0] if among else None)

    def changes_after(self, class_: str | None, issued_on: date) -> list[Change]:
        """What changed the number for rights issued on a day: what took effect on a later day."""
        return [each for each in self._changes.get(class_ or "", ()) if each.on > issued_on]

    def changed_on(self, class_: str | None, on: date) -> bool:
        """Whether the number changed on this very day."""
        return any(each.on == on for each in self._changes.get(class_ or "", ()))

    def factor(self, class_: str | None, issued_on: date, on: date) -> Fraction:
        """What one share of the day of issue has become by the end of a day."""
        factor = Fraction(1)
        for each in self.changes_after(class_, issued_on):
            factor *= each.ratio if each.on <= on else 1
        return factor

    def shares_per_right(self, class_: str | None, issued_on: date) -> int:
        """The fewest shares of a right that stay whole at every step, so that no fraction is ever dropped."""
        factor, fewest = Fraction(1), 1
        for each in self.changes_after(class_, issued_on):
            factor *= each.ratio
            fewest = lcm(fewest, factor.denominator)
        return fewest

    def record(self, companies: Mapping[str | None, Sequence[str]]) -> None:
        """Plan the changes. companies: ids of those that stand for a class; of others nothing depends on its number."""
        for class_, changes in self._changes.items():
            for each in changes:
                for number, company in enumerate(companies.get(class_, ())):
                    self._harvest.plan(each.found, _entry(company, each), f"{number}" if number else "")
                if class_ not in companies:
                    self._harvest.leave(each.found, "no rights over shares of its class are taken over")


def _entry(company: str, change: Change) -> dict[str, str]:
    if change.ratio < 1:
        return {"type": "consolidation", "company": company, "ratio": str(change.ratio), "on": f"{change.on}"}
    record_date = change.on - timedelta(days=1)
    return {"type": "split", "company": company, "ratio": str(change.ratio), "record_date": f"{record_date}"}
