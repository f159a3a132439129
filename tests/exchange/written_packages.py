"""Packages as another program reads them: opened, and their transactions added up without the ledger's rules."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from ledger.book import Book
from ledger.exchange.packages.ocf_writing import write_ocf
from ledger.exchange.packages.source import Written

Object = dict[str, Any]
GENERATED_AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
EVER = date(2999, 12, 31)


def opened(file: Path) -> dict[str, bytes]:
    """The files in a package, by name."""
    with ZipFile(file) as package:
        return {name: package.read(name) for name in package.namelist()}


def ocf_of(book: Book, file: Path, as_of: date, **given: Any) -> tuple[Written, dict[str, bytes]]:
    """A package of a book, written in place of one that is there, and its files."""
    file.unlink(missing_ok=True)
    known = {"known_at": EVER} if "known_at" not in given and "known_version" not in given else {}
    options: dict[str, Any] = {"ids_only": False, "sidecar": True, "generated_at": GENERATED_AT, **known, **given}
    return write_ocf(book, file, as_of=as_of, **options), opened(file)


def items(files: Mapping[str, bytes], name: str) -> list[Object]:
    """The objects in a file of a package."""
    found: list[Object] = json.loads(files[name])["items"]
    return found


class Security:
    """What a program keeps of a security: whose it is, of which class and plan, and its quantity by now."""

    def __init__(self, issuance: Object) -> None:
        self.holder: str = issuance["stakeholder_id"].removeprefix("holder-")
        self.plan: str = issuance["stock_plan_id"].removeprefix("series-")
        self.stock_class: str = issuance["stock_class_id"]
        self.quantity = Fraction(issuance["quantity"])


def outstanding(transactions: Iterable[Object]) -> dict[tuple[str, str], int]:
    """Shares that can still be had, by series and holder, where there are any: added up as the format tells it."""
    live: dict[str, Security] = {}
    promised: dict[str, Fraction] = {}
    for each in transactions:
        kind = each["object_type"]
        if kind == "TX_EQUITY_COMPENSATION_ISSUANCE":
            assert each["security_id"] not in live
            live[each["security_id"]] = Security(each)
            rest = promised.pop(each["security_id"], None)
            # Of a fraction that ten decimals cannot write, what is left comes to less than a billionth more or less.
            assert rest is None or abs(rest - live[each["security_id"]].quantity) < Fraction(1, 10**9), each
        elif kind == "TX_EQUITY_COMPENSATION_EXERCISE":
            live[each["security_id"]].quantity -= Fraction(each["quantity"])
            assert live[each["security_id"]].quantity >= 0
        elif kind in {"TX_EQUITY_COMPENSATION_CANCELLATION", "TX_EQUITY_COMPENSATION_TRANSFER"}:
            rest = live.pop(each["security_id"]).quantity - Fraction(each["quantity"])
            if "balance_security_id" in each:
                promised[each["balance_security_id"]] = rest
            else:
                assert rest < Fraction(1, 10**9), each
            promised |= {to: Fraction(each["quantity"]) for to in each.get("resulting_security_ids", [])}
        elif kind == "TX_STOCK_CLASS_SPLIT":
            ratio = Fraction(each["split_ratio"]["numerator"]) / Fraction(each["split_ratio"]["denominator"])
            for security in live.values():
                if security.stock_class == each["stock_class_id"]:
                    security.quantity *= ratio
        else:
            assert kind == "TX_STOCK_ISSUANCE", kind
    assert not promised
    found: Counter[tuple[str, str]] = Counter()
    for security in live.values():
        assert security.quantity.denominator == 1
        found[security.plan, security.holder] += int(security.quantity)
    return {key: shares for key, shares in found.items() if shares}


def held(book: Book, as_of: date, **known: Any) -> dict[tuple[str, str], int]:
    """The same by the ledger."""
    found: Counter[tuple[str, str]] = Counter()
    for row in book.holdings(as_of, **(known or {"known_at": EVER}), why=False):
        found[row.series, row.holder] += row.shares
    return {key: shares for key, shares in found.items() if shares}
