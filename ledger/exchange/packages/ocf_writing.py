"""A ledger written as a package of Open Cap Format 1.2.0, with the ledger itself beside (`sidecar`)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import md5
from pathlib import Path
from typing import Final

import msgspec

from ledger import clock
from ledger.asking import KnownAt
from ledger.book import Book
from ledger.domain.state import Series
from ledger.exchange.packages import ocf_change_events
from ledger.exchange.packages import sidecar as beside
from ledger.exchange.packages.ocf_change_events import change_events
from ledger.exchange.packages.ocf_parts import Object, issuer, objects, plan_id
from ledger.exchange.packages.ocf_transactions import Writer
from ledger.exchange.packages.sidecar import Sidecar
from ledger.exchange.packages.source import Source, Written, source, stored_entries
from ledger.exchange.packages.zip_writing import document, item_file, write_zip
from ledger.projections.rows import decimal

MANIFEST: Final = "Manifest.ocf.json"
LISTED: Final = {
    "stakeholders_files": ("Stakeholders.ocf.json", "OCF_STAKEHOLDERS_FILE"),
    "stock_classes_files": ("StockClasses.ocf.json", "OCF_STOCK_CLASSES_FILE"),
    "stock_plans_files": ("StockPlans.ocf.json", "OCF_STOCK_PLANS_FILE"),
    "transactions_files": ("Transactions.ocf.json", "OCF_TRANSACTIONS_FILE"),
}
"""What the manifest lists: the name and the type of each file."""

UNUSED: Final = ("stock_legend_templates_files", "vesting_terms_files", "valuations_files")
"""What the format wants listed, and the ledger knows nothing of."""


def write_ocf(
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
    """Write a new file: what took effect by the end of a day and is known, as a package.

    generated_at: an aware instant, which stands in the package. ids_only: no names of holders. sidecar: the
    entries known, all of them, are in it too, so that `rights import` gives the same ledger.

    The same ledger gives the same bytes. Raises `RefusedError` (`unknown-company`) where no company is known on the
    day, and `OSError`.
    """
    of = source(book, as_of, known_at=known_at, known_version=known_version, ids_only=ids_only)
    items, notes = package(of)
    files = _files(of, items, generated_at, sidecar=sidecar)
    entries = stored_entries(book, of) if sidecar else ()
    if sidecar:
        files[beside.NAME] = beside.written(Sidecar(of.ledger, entries, as_of.isoformat(), tuple(notes)), files)
    write_zip(file, files)
    return Written(tuple(sorted(files)), sum(map(len, items.values())), len(entries))


def package(of: Source) -> tuple[Mapping[str, Sequence[Object]], list[Object]]:
    """The objects that the manifest lists, by the name of the file, and notes of what the format cannot say of them."""
    end = of.lives.end
    stakeholders, classes, plans = objects(end, of.name_of)
    written = list(Writer(end, of.exercises, of.currencies, of.recorded_at).written(of.lives.events))
    notes = [*_of_series(of), *(each.note for each in written)]
    found = (stakeholders, classes, plans, [each.transaction for each in written])
    return dict(zip((name for name, _ in LISTED.values()), found, strict=True)), notes


def _files(
    of: Source, items: Mapping[str, Sequence[Object]], generated_at: datetime, *, sidecar: bool
) -> dict[str, bytes]:
    files = {name: item_file(kind, items[name]) for name, kind in LISTED.values()}
    listed = {
        field: [{"filepath": name, "md5": md5(files[name], usedforsecurity=False).hexdigest()}]
        for field, (name, _) in LISTED.items()
    }
    manifest = {
        "ocf_version": "1.2.0",
        "file_type": "OCF_MANIFEST_FILE",
        "issuer": issuer(*of.issuer()),
        "as_of": of.as_of.isoformat(),
        "generated_at": clock.instant(generated_at),
        "comments": list(_comments(of, sidecar=sidecar)),
        **listed,
        **{field: [] for field in UNUSED},
    }
    changes = item_file("OCF_TRANSACTIONS_FILE", change_events(of.placed))
    return {MANIFEST: document(manifest), ocf_change_events.NAME: changes, **files}


def _comments(of: Source, *, sidecar: bool) -> Iterator[str]:
    yield f"written by rights-ledger from ledger {of.ledger} as known at version {of.version}, root {of.root}"
    yield "stock acquisition rights: quantities are shares, the rights × the shares per right of the day"
    yield (
        "transactions are in the order in which they took effect; a split of a stock class multiplies the quantity of"
        " every security of the class that stands before it"
    )
    yield f"changes of office and deaths are in {ocf_change_events.NAME}: version 1.2.0 lists no such events"
    companies = of.lives.end.companies
    if len(companies) > 1:
        yield f"stock classes are those of {len(companies)} companies; the format knows one issuer"
    if sidecar:
        yield f"{beside.NAME} holds the entries of the ledger, and what the format has no field for"


def _of_series(of: Source) -> Iterator[Object]:
    """The terms of every series, as the ledger has them, and what became of them."""
    end = of.lives.end
    for name in sorted(end.series):
        series = end.series[name]
        price = end.prices.get(series.root)
        note = {
            "id": plan_id(name),
            "version": series.version,
            "recorded_at": of.recorded_at[series.version],
            "series": name,
            "company": series.company,
            "terms": msgspec.to_builtins(series.terms),
            **_now(series),
        }
        yield note | ({} if price is None else {"price_per_right": str(decimal(price.per_right))})


def _now(series: Series) -> Object:
    """What differs from the terms by now."""
    return {
        "max_rights": series.max_rights,
        "period": msgspec.to_builtins(series.period),
        "shares_per_right": series.shares_per_right,
        "exercise_price": str(decimal(series.exercise_price)),
        "company_holds": series.company_holds,
        "replaces": series.replaces,
        "replaced_by": list(series.replaced_by),
    }
