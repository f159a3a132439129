"""A ledger written in JOCF, the Japanese variant of Open Cap Format, with the ledger itself beside.

Here rights are counted as rights (個), with the shares for one beside them. A transaction of rights names neither its
holder nor the security that it is of: a description says which, and the sidecar says it for programs. Rights that pass
to another holder are no transaction, for the format has none; the number of them stays the same.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Final

from ledger.asking import KnownAt
from ledger.book import Book
from ledger.domain.state import Person
from ledger.exchange.packages import sidecar as beside
from ledger.exchange.packages.ocf_parts import Object, class_id, money, number, stakeholder_id, stock_class
from ledger.exchange.packages.ocf_transactions import REASONS, of_holding
from ledger.exchange.packages.securities import Ended, Exercised, Issued, Resized, Security
from ledger.exchange.packages.sidecar import Sidecar
from ledger.exchange.packages.source import Source, Written, source, stored_entries
from ledger.exchange.packages.zip_writing import item_file, write_zip

HOLDERS: Final = ("SecurityHoldersFile.jocf.json", "JOCF_SECURITY_HOLDERS_FILE")
CLASSES: Final = ("StockClassesFile.jocf.json", "JOCF_STOCK_CLASSES_FILE")
TRANSACTIONS: Final = ("TransactionsFile.jocf.json", "JOCF_TRANSACTIONS_FILE")
"""The name and the type of each file."""

NO_ACT: Final = frozenset({"fraction", "adjusted"})
"""Why securities end and go on as others without a right that ends: only their shares change."""


def write_jocf(
    book: Book,
    file: Path,
    *,
    as_of: date,
    generated_at: datetime,
    known_at: KnownAt = None,
    known_version: int | None = None,
    ids_only: bool = False,
    sidecar: bool = True,
) -> Written:
    """Write a new file: what took effect by the end of a day and is known, in the three files of JOCF.

    Arguments and errors are those of `write_ocf`; the format has no place for `generated_at`.
    """
    del generated_at
    of = source(book, as_of, known_at=known_at, known_version=known_version, ids_only=ids_only)
    end = of.lives.end
    transactions, notes = _transactions(of)
    items: dict[tuple[str, str], Sequence[Object]] = {
        HOLDERS: [_holder(end.people[holder], of.name_of(holder)) for holder in sorted(end.people)],
        CLASSES: [_stock_class(stock_class(end.companies[company])) for company in sorted(end.companies)],
        TRANSACTIONS: transactions,
    }
    files = {name: item_file(kind, found) for (name, kind), found in items.items()}
    entries = stored_entries(book, of) if sidecar else ()
    if sidecar:
        files[beside.NAME] = beside.written(Sidecar(of.ledger, entries, as_of.isoformat(), notes), files)
    write_zip(file, files)
    return Written(tuple(sorted(files)), sum(map(len, items.values())), len(entries))


def _holder(person: Person, name: str | None) -> Object:
    return {
        "object_type": "SECURITY_HOLDER",
        "id": stakeholder_id(person.holder),
        "name": {"legal_name": name or person.holder},
        "security_holder_type": "INDIVIDUAL",
    }


def _stock_class(found: Object) -> Object:
    """A stock class as JOCF wants it. found: as the other format does; its seniority and prefix have no place here."""
    kept = ("object_type", "id", "name", "class_type", "votes_per_share", "initial_shares_authorized")
    return {**{key: found[key] for key in kept}, "description": "; ".join(found["comments"])}


def _transactions(of: Source) -> tuple[list[Object], tuple[Object, ...]]:
    """The transactions, in the order in which they took effect, and a note of each."""
    found: list[Object] = []
    notes: list[Object] = []
    for transaction, version, security in _each(of):
        found.append(transaction)
        recorded_at = None if version is None else of.recorded_at[version]
        note = {"id": transaction["id"], "version": version, "recorded_at": recorded_at}
        notes.append(note | ({} if security is None else of_holding(security)))
    return found, tuple(notes)


def _each(of: Source) -> Iterator[tuple[Object, int | None, Security | None]]:
    for event in of.lives.events:
        if isinstance(event, Issued) and event.why in {"allotted", "replaced"}:
            yield _issuance(of, event), event.version, event.security
        elif isinstance(event, Exercised):
            yield _exercise(of, event), event.version, event.security
        elif isinstance(event, Ended) and event.why not in NO_ACT:
            yield _cancellation(event), event.version, event.security
        elif isinstance(event, Resized):
            yield _split(event), event.version, None


def _issuance(of: Source, event: Issued) -> Object:
    """Rights that were allotted, or that took the place of others. What they cost was paid for the first of a chain."""
    security, currency = event.security, of.currencies.get(event.series.company, "JPY")
    price = of.lives.end.prices.get(event.series.root)
    paid = Fraction(0) if price is None or event.why == "replaced" else price.per_right
    return {
        "object_type": "TX_STOCK_OPTION_ISSUANCE",
        "id": f"issuance-{security.id}",
        "unit_price": money(paid, currency),
        # Of the type of an amount of money, by the schema: the amount is a number of shares all the same.
        "share_per_unit": money(security.shares_per_right, currency),
        "quantity": number(security.rights),
        "description": f"{_which(security)}; {event.why}; named {event.series.name}",
        "date": event.on.isoformat(),
    }


def _exercise(of: Source, event: Exercised) -> Object:
    row = of.exercises[event.version]
    return {
        "object_type": "TX_STOCK_OPTION_EXERCISE",
        "id": f"exercise-{event.version}-{event.part}",
        "quantity": number(event.rights),
        "description": f"{_which(event.security)}; {event.shares:,} shares; {row.payment:,} yen paid for"
        f" {row.rights:,} rights in all",
        "date": event.on.isoformat(),
    }


def _cancellation(event: Ended) -> Object:
    return {
        "object_type": "TX_STOCK_OPTION_CANCELLATION",
        "id": f"end-{event.security.id}",
        "quantity": number(event.rights),
        "description": f"{_which(event.security)}; {REASONS[event.why]}",
        "date": event.on.isoformat(),
    }


def _split(event: Resized) -> Object:
    """A split says new shares per old, a consolidation (株式併合) old shares per new."""
    numerator, denominator = event.ratio.numerator, event.ratio.denominator
    about: Object = {"stock_class_id": class_id(event.company), "date": event.on.isoformat()}
    if event.ratio > 1:
        ratio = {"numerator": str(numerator), "denominator": str(denominator)}
        return {"object_type": "TX_STOCK_SPLIT", "id": f"split-{event.version}", "split_ratio": ratio, **about}
    ratio = {"numerator": str(denominator), "denominator": str(numerator)}
    return {"object_type": "TX_STOCK_MERGER", "id": f"split-{event.version}", "merger_ratio": ratio, **about}


def _which(security: Security) -> str:
    return f"series {security.key.series}; holder {security.key.holder}"
