"""Packages of others in Open Cap Format 1.0 to 1.2: their options and warrants become series, the rest is listed."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from ledger.exchange.packages.found import FaultError, Found, name_from
from ledger.exchange.packages.harvest import Harvest
from ledger.exchange.packages.lawful import settled
from ledger.exchange.packages.ocf_acts import ACTS, Acts, succeeding
from ledger.exchange.packages.ocf_grants import GRANTS, RETRACTIONS, WARRANTS, Grant, Grants
from ledger.exchange.packages.ocf_holders import Holders
from ledger.exchange.packages.ocf_package import Package, open_package
from ledger.exchange.packages.share_classes import ShareClasses
from ledger.exchange.plan import Place, Plan, Planned

TAKEN: Final = GRANTS | RETRACTIONS | ACTS | {WARRANTS}
"""Kinds of which two different objects under one id cannot both be right."""

SHARES: Final = "shares themselves are not kept in this ledger"
AGREEMENT: Final = "what shareholders agree among themselves changes no right"
ACCEPTED: Final = "rights are held from their allotment on, accepted or not"
VESTING: Final = (
    "the ledger keeps the first day of exercise alone, and lets all of the rights be exercised from then on"
)
REASONS: Final = {
    "TX_STOCK_CONSOLIDATION": "it puts holdings of shares together; the number of shares per old share stays as it was",
    "TX_STOCK_CLASS_CONVERSION_RATIO_ADJUSTMENT": "it is about what other classes convert into; no right changes by it",
    "TX_EQUITY_COMPENSATION_REPRICING": (
        "the terms of a series keep one exercise price: payments after its day are reckoned with the old one"
    ),
    "TX_EQUITY_COMPENSATION_ACCEPTANCE": ACCEPTED,
    "TX_PLAN_SECURITY_ACCEPTANCE": ACCEPTED,
    "TX_WARRANT_ACCEPTANCE": ACCEPTED,
    "TX_EQUITY_COMPENSATION_RELEASE": "units that are released are not exercised",
    "TX_PLAN_SECURITY_RELEASE": "units that are released are not exercised",
    "TX_STOCK_PLAN_POOL_ADJUSTMENT": "a pool is what may be granted, not what was; each series has its own maximum",
    "TX_STOCK_PLAN_RETURN_TO_POOL": "the cancellation beside it is what changes the rights",
    "STOCK_PLAN": "nothing that is taken over was granted under it",
    "VESTING_TERMS": VESTING,
    "STOCK_LEGEND_TEMPLATE": SHARES,
    "VALUATION": "a price of shares on a day is no fact about rights",
    "FINANCING": "it is about shares and convertibles",
    "DOCUMENT": "documents are not kept; entries name their package and object as source",
}
BEGINNINGS: Final = {
    "TX_STOCK_CLASS_": "it changes how many shares may be issued, and no right",
    "TX_ISSUER_": "it changes how many shares may be issued, and no right",
    "TX_STOCK_": SHARES,
    "TX_CONVERTIBLE_": "convertibles are neither options nor warrants",
    "TX_VESTING_": VESTING,
    "TX_SECURITYHOLDERS_AGREEMENT_": AGREEMENT,
    "JOCF_SECURITYHOLDERS_AGREEMENT_": AGREEMENT,
    "MASTER_SECURITYHOLDERS_": AGREEMENT,
    "ACQUISITION_DISTRIBUTION_": AGREEMENT,
}


def package_plan(file: Path) -> Plan:
    """What a package would record: a folder, a zip archive, or one of its files.

    Raises `MalformedError` for what is no package, and `EvidenceError` for one of ours that was changed.
    """
    package = open_package(file)
    if package.sealed:
        return Plan(sealed=package.sealed, people=package.people)
    if package.is_japanese:
        from ledger.exchange.packages.jocf_reading import japanese_plan

        return japanese_plan(package)
    harvest = Harvest("ocf")
    objects = [*_once(package.objects, harvest)]
    _read(package, objects, harvest)
    for each in objects:
        if not harvest.has(each):
            harvest.leave(each, why_left(each))
    return finished(package, harvest)


def finished(package: Package, harvest: Harvest) -> Plan:
    """The plan, with what the opening of the package said first, and what the rules of the ledger make of it."""
    plan = harvest.done()
    # Companies were planned last, when the first day on which anything is known of them was known.
    entries, needless, malformed = settled(sorted(plan.entries, key=lambda each: each.entry["type"] != "company"))
    return Plan(
        entries=tuple(entries),
        people=plan.people,
        problems=(*package.problems, *plan.problems, *malformed),
        left_out=(*package.remarks, *plan.left_out, *needless),
    )


def why_left(found: Found) -> str:
    """Why an object of some kind is not taken over."""
    if found.kind in REASONS:
        return REASONS[found.kind]
    for beginning, reason in BEGINNINGS.items():
        if found.kind.startswith(beginning):
            return reason
    if found.kind in TAKEN:
        return "its security is not among those that are taken over"
    return "this kind of object is not known" if found.kind else "it says no `object_type`"


def _once(objects: Iterable[Found], harvest: Harvest) -> Iterable[Found]:
    """The objects; of two that are the same the second is listed, of two that differ under one id it is a problem."""
    first = dict[tuple[str, str], Found]()
    for each in objects:
        other = first.setdefault((each.kind, each.id), each)
        if other is not each and other.value == each.value:
            harvest.leave(each, "the package holds it twice; it counts once")
        elif other is not each and each.kind in TAKEN:
            harvest.problem(each, "id", f"another object with this id stands at {other.place}, and says something else")
        else:
            yield each


def _read(package: Package, objects: Sequence[Found], harvest: Harvest) -> None:
    issuer = package.issuer or next((each for each in objects if each.kind == "ISSUER"), None)
    classes, holders = ShareClasses(objects, harvest), Holders(objects, harvest)
    reader = Grants(objects, holders=holders, classes=classes, harvest=harvest, currency=None)
    grants = reader.read(objects)
    going_on = succeeding(objects, grants)
    originals = [each for id_, each in grants.items() if id_ not in going_on]
    for each in grants.values():
        holders.holds_from(each.stakeholder, each.terms.on)
    companies = _companies(issuer, package.name, originals, classes)
    of_class = dict[str | None, list[str]]()
    for (class_, _), company in companies.items():
        of_class.setdefault(class_, []).append(company)
    classes.record(of_class)
    acts = Acts(grants, holders=holders, classes=classes, harvest=harvest)
    acts.start(reader.issue(originals, companies))
    acts.plan(objects)
    holders.record()
    record_companies(companies, package, issuer, harvest)


Companies = dict[tuple[str | None, str | None], str]
"""Ids of companies by class of shares and currency."""


def _companies(issuer: Found | None, name: str, grants: Collection[Grant], classes: ShareClasses) -> Companies:
    """A company for each class of shares and each currency: a split is of one class, and a company has one currency.

    The one with common shares, or else the first, bears the issuer's name alone.
    """
    plain = issuer_name(issuer, name)
    keys = [*dict.fromkeys((each.terms.stock_class, each.terms.currency) for each in grants)]
    main_class = classes.chosen([*dict.fromkeys(key[0] for key in keys if key[0] is not None)])
    main = next((key for key in keys if key[0] == main_class), keys[0] if keys else (main_class, None))
    found = {main: plain}
    for class_, currency in keys:
        if (class_, currency) != main:
            parts = [classes.name(class_)[:60]] if class_ is not None and class_ != main[0] else []
            parts += [currency[:10]] if currency is not None and currency != main[1] else []
            named = f"{plain[:100]} ({', '.join(parts) or 'other shares'})"
            found[class_, currency] = named if named not in found.values() else f"{named} {len(found)}"
    return found


def issuer_name(issuer: Found | None, package: str) -> str:
    """The issuer as a person knows it, or the package's own name where it says none."""
    written = issuer.maybe_text("legal_name", "dba", "name") if issuer is not None else None
    return name_from(written or "") or name_from(package.partition(".")[0]) or "issuer"


def record_companies(companies: Companies, package: Package, issuer: Found | None, harvest: Harvest) -> None:
    """Plan the companies, from the day of formation on, or from that of the first fact where it is earlier or none."""
    formed = None
    if issuer is None:
        issuer = Found(Place(), {"object_type": "ISSUER", "id": package.name})
        harvest.remark(Place(), f"no issuer is named; the company is called {next(iter(companies.values()))}")
    else:
        try:
            formed = issuer.maybe_day("formation_date")
        except FaultError as fault:
            harvest.note(issuer, fault.field, fault.says)
    known = [*_days_of(harvest.entries), *filter(None, [formed])]
    if not known:
        harvest.leave(issuer, "no day of it is known, and nothing else of it is taken over")
        return
    on = min(known)
    for number, ((_, currency), company) in enumerate(companies.items()):
        entry = {"type": "company", "company": company, "name": company, "on": f"{on}"}
        told = {} if currency is None else {"currency": currency}
        harvest.plan(issuer, {**entry, **told}, f"{number}" if number else "")


def _days_of(entries: Iterable[Planned]) -> list[date]:
    """The effective days of entries."""
    found = []
    for _, entry in entries:
        written = entry.get("on") or entry["record_date"]
        day = date.fromisoformat(written)
        found.append(day if "on" in entry else day + timedelta(days=1))
    return found
