"""What happened to the rights of a package: exercises, transfers, cancellations; in shares there, in rights here.

Rights cannot be divided. Where an act is for a number of shares that is no whole number of rights, what is left over
waits for the next act of that security; so the ledger is never further off than one right of it, and says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final, NamedTuple

from ledger.exchange.packages.found import FaultError, Found, plain, quoted
from ledger.exchange.packages.harvest import Harvest
from ledger.exchange.packages.ocf_grants import EXERCISES, Grant, Series
from ledger.exchange.packages.ocf_holders import Holders
from ledger.exchange.packages.share_classes import ShareClasses

_OF: Final = ("EQUITY_COMPENSATION", "PLAN_SECURITY", "WARRANT")
TRANSFERS: Final = frozenset(f"TX_{each}_TRANSFER" for each in _OF)
CANCELLATIONS: Final = frozenset(f"TX_{each}_CANCELLATION" for each in _OF)
ACTS: Final = TRANSFERS | EXERCISES | CANCELLATIONS


@dataclass
class Security:
    """Rights of a series in one hand. total, gone: exact, in rights; recorded: whole rights that have gone."""

    series: Series
    holder: str
    stakeholder: str
    total: Fraction
    gone: Fraction = Fraction(0)
    recorded: int = 0
    inherited_from: str | None = None
    transferred_from: str | None = None

    def take(self, rights: Fraction) -> int:
        """Take rights away; gives how many whole ones that are, with what was left over before."""
        self.gone += rights
        whole = int(self.gone) - self.recorded
        self.recorded += whole
        return whole

    def fields(self) -> dict[str, Any]:
        """What an act on these rights is known by, as entries write it."""
        origin = {"inherited_from": self.inherited_from, "transferred_from": self.transferred_from}
        return {
            "series": self.series.id,
            "holder": self.holder,
            **{field: value for field, value in origin.items() if value is not None},
        }


class _Act(NamedTuple):
    on: date
    is_no_transfer: bool
    found: Found
    security: str


def succeeding(objects: Iterable[Found], grants: Mapping[str, Grant]) -> set[str]:
    """Securities that are not new: what a transfer or a cancellation made of others that are known."""
    found = set[str]()
    for each in objects:
        if each.kind in ACTS and each.maybe_text("security_id") in grants:
            made = each.texts("resulting_security_ids") if each.kind in TRANSFERS else []
            found.update(id_ for id_ in (*made, *each.texts("balance_security_id")) if id_ in grants)
    return found


class Acts:
    """Plans the acts on the securities of a package."""

    def __init__(
        self, grants: Mapping[str, Grant], *, holders: Holders, classes: ShareClasses, harvest: Harvest
    ) -> None:
        self._grants, self._holders, self._classes, self._harvest = grants, holders, classes, harvest
        self._securities = dict[str, Security]()
        self._heirs = dict[tuple[str, str], str]()

    def start(self, series: Mapping[str, Series]) -> None:
        """Begin with the grants that stand in a series."""
        for id_, each in series.items():
            grant = self._grants[id_]
            total = grant.shares / each.shares_per_right
            self._securities[id_] = Security(each, self._holder(grant), grant.stakeholder, total)

    def plan(self, objects: Iterable[Found]) -> None:
        """Plan every act in the order of days; those on securities that nobody has are listed."""
        waiting = sorted(self._acts(objects), key=lambda act: act[:2])
        while waiting:
            later = list[_Act]()
            for act in waiting:
                if act.security in self._securities:
                    self._plan(act)
                else:
                    later.append(act)
            if len(later) == len(waiting):
                break
            waiting = later
        for act in waiting:
            known = act.security in self._grants
            self._harvest.leave(
                act.found,
                "nothing of its security is held" if known else "its security is not among those that are taken over",
            )
        for id_, grant in self._grants.items():
            if id_ not in self._securities and not self._harvest.has(grant.found):
                self._harvest.leave(grant.found, "what it came from is not taken over")

    def _acts(self, objects: Iterable[Found]) -> Iterable[_Act]:
        for each in objects:
            if each.kind in ACTS:
                try:
                    yield _Act(each.day("date"), each.kind not in TRANSFERS, each, each.text("security_id"))
                except FaultError as fault:
                    self._harvest.problem(each, fault.field, fault.says)

    def _plan(self, act: _Act) -> None:
        security = self._securities[act.security]
        if self._classes.changed_on(security.series.terms.stock_class, act.on):
            says = "its shares are new ones: within a day a split or a consolidation comes first here (domain.md 3)"
            self._harvest.note(act.found, "date", says)
        try:
            if act.found.kind in TRANSFERS:
                self._transfer(act, security)
            else:
                self._use_up(act, security)
        except FaultError as fault:
            self._harvest.problem(act.found, fault.field, fault.says)

    def _use_up(self, act: _Act, security: Security) -> None:
        """Plan an exercise or a cancellation."""
        found = act.found
        is_exercise = found.kind in EXERCISES
        if found.value.get("quantity") is None and found.kind.startswith("TX_WARRANT"):
            taken = security.total - security.gone  # of a warrant, an exercise without a number is of all
        else:
            taken = self._rights(security, found.number("quantity"), act.on)
        self._go_on_as(found.texts("balance_security_id"), security)
        rights = security.take(taken)
        self._tell_rest(act, security)
        self._compare_balance(act, security)
        if rights:
            entry = {"type": "exercise" if is_exercise else "waiver", **security.fields()}
            note = {} if is_exercise else {"note": "cancelled, by the package"}
            self._harvest.plan(found, {**entry, "rights": rights, "on": f"{act.on}", **note})
        elif not self._harvest.has(found):
            self._harvest.leave(found, "it is for no share")

    def _transfer(self, act: _Act, giver: Security) -> None:
        made = [id_ for id_ in act.found.texts("resulting_security_ids") if id_ in self._grants]
        given = {id_: self._grants[id_] for id_ in made if self._holder(self._grants[id_]) != giver.holder}
        balance = [id_ for id_ in made if id_ not in given]
        self._go_on_as([*act.found.texts("balance_security_id"), *balance], giver)
        if not given:
            says = f"who receives the rights is not in the package; {giver.holder} keeps them here"
            self._harvest.leave(act.found, says)
            return
        said, received = act.found.number("quantity"), sum((each.shares for each in given.values()), Fraction(0))
        if said != received:
            says = f"{plain(said)} shares are passed on, and those who receive them are given {plain(received)}"
            raise FaultError("quantity", says)
        died_on = self._holders.died_on(giver.stakeholder)
        for number, (id_, grant) in enumerate(given.items()):
            part = f"{number}" if number else ""
            if died_on is not None and died_on < act.on:
                self._inherit(act, giver, id_, grant, part)
            else:
                self._pass_on(act, giver, id_, grant, part)

    def _pass_on(self, act: _Act, giver: Security, id_: str, grant: Grant, part: str) -> None:
        exact = self._rights(giver, grant.shares, act.on)
        rights = giver.take(exact)
        self._tell_rest(act, giver)
        to = self._holder(grant)
        self._receive(id_, grant, Security(giver.series, to, grant.stakeholder, exact, transferred_from=giver.holder))
        if rights:
            entry = {"type": "transfer", **giver.fields(), "to": to, "rights": rights, "on": f"{act.on}"}
            entry.pop("inherited_from", None)
            self._harvest.plan(act.found, entry, part)

    def _inherit(self, act: _Act, giver: Security, id_: str, grant: Grant, part: str) -> None:
        """What passes on from somebody who has died is inherited: all of a series at once, by one heir."""
        heir, key = self._holder(grant), (giver.series.id, giver.holder)
        exact = self._rights(giver, grant.shares, act.on)
        giver.take(exact)
        self._receive(id_, grant, Security(giver.series, heir, grant.stakeholder, exact, inherited_from=giver.holder))
        if key not in self._heirs:
            self._heirs[key] = heir
            entry = {"type": "inheritance", "holder": giver.holder, "heir": heir, "on": f"{act.on}"}
            self._harvest.plan(act.found, {**entry, "series": giver.series.id}, part)
        elif self._heirs[key] == heir:
            self._harvest.leave(act.found, f"{heir} inherited all of series {giver.series.id} already")
        else:
            raise FaultError(
                "resulting_security_ids",
                f"{giver.holder} has died, and one heir takes all rights of a series: {self._heirs[key]} did",
            )

    def _receive(self, id_: str, grant: Grant, security: Security) -> None:
        self._securities[id_] = security
        self._harvest.use(grant.found)

    def _go_on_as(self, ids: Sequence[str], security: Security) -> None:
        """The rest goes on under another id: these are the same rights still."""
        for id_ in ids:
            if id_ in self._securities and self._securities[id_] is not security:
                raise FaultError("balance_security_id", f"security {quoted(id_)} is held already")
            self._securities[id_] = security
            if id_ in self._grants:
                self._harvest.use(self._grants[id_].found)

    def _compare_balance(self, act: _Act, security: Security) -> None:
        """Note a balance that is not what is left."""
        left = (security.total - security.gone) / self._rights(security, Fraction(1), act.on)
        for id_ in act.found.texts("balance_security_id"):
            if id_ in self._grants and self._grants[id_].shares != left:
                issued = plain(self._grants[id_].shares)
                says = f"its balance is issued for {issued} shares, and {plain(left)} are left; these count"
                self._harvest.note(act.found, "balance_security_id", says)

    def _rights(self, security: Security, shares: Fraction, on: date) -> Fraction:
        """Rights that deliver so many shares on a day, exact."""
        series = security.series
        factor = self._classes.factor(series.terms.stock_class, series.terms.on, on)
        return shares / (series.shares_per_right * factor)

    def _tell_rest(self, act: _Act, security: Security) -> None:
        rest = security.gone - security.recorded
        if rest and security.recorded < int(security.total):  # of what is all gone nothing stays
            each = 1 / self._rights(security, Fraction(1), act.on)
            says = (
                f"a right is {plain(each)} shares on {act.on} and cannot be divided: {plain(rest * each)} of the "
                f"shares that went from {security.holder} stay in the ledger until another act makes the right whole"
            )
            self._harvest.note(act.found, "quantity", says)

    def _holder(self, grant: Grant) -> str:
        return self._holders.id_of(grant.stakeholder) or ""
