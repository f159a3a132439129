"""The series resolved by a day, their sums and their terms as adjusted (domain.md §11)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from ledger.domain.reasons import Reason, Reasons, said
from ledger.domain.shares import shares_for, why_shares_per_right
from ledger.domain.state import Holding, Price, Series, State
from ledger.projections.rows import SeriesRow, decimal


def series(state: State, as_of: date, *, why: bool = False) -> list[SeriesRow]:
    """Rows of all series at the end of ``as_of``, by series.

    state: folded up to that day. why: also say what each row rests on. Transfers and inheritances inside a series are
    left out: ``received`` is what came in replacement of other rights.
    """
    return [
        series_row(state, state.series[name], sums_of(state.holdings[name].values(), as_of), why=why)
        for name in sorted(state.series)
    ]


class Sums(NamedTuple):
    """Where the rights of some holdings are, or went."""

    outstanding: int = 0
    lapsed: int = 0
    exercised: int = 0
    waived: int = 0
    acquired: int = 0
    extinguished: int = 0
    replaced: int = 0


def sums_of(held: Iterable[Holding], as_of: date) -> Sums:
    """The sums of holdings at the end of a day."""
    each_of = (
        (
            holding.outstanding(as_of),
            holding.lapsed(as_of),
            holding.exercised,
            holding.waived,
            holding.acquired,
            holding.extinguished,
            holding.replaced,
        )
        for holding in held
    )
    return Sums(*map(sum, zip(*each_of, strict=True)))


def series_row(state: State, series: Series, sums: Sums, *, why: bool = False) -> SeriesRow:
    """The row of a series. sums: of its holdings."""
    price = state.prices.get(series.root)
    return SeriesRow(
        series=series.series,
        company=series.company,
        name=series.name,
        max_rights=series.max_rights,
        allotted=series.allotted,
        received=series.received,
        **sums._asdict(),
        shares_per_right=series.shares_per_right,
        shares=shares_for(sums.outstanding, series.shares_per_right),
        exercise_price=decimal(series.exercise_price),
        exercise_from=series.period.from_,
        exercise_until=series.period.until,
        price_per_share=None if price is None else decimal(price.per_share),
        price_per_right=None if price is None else decimal(price.per_right),
        replaces=series.replaces,
        replaced_by=series.replaced_by,
        company_holds=series.company_holds,
        because=why_shares_per_right(series) + why_price(price) if why else (),
    )


def why_price(price: Price | None) -> Reasons:
    """What the price at issue of a right rests on."""
    if price is None:
        return ()
    says = said(
        "{share:,} yen a share fixed on {on}; {right:,} a right ({how})",
        share=decimal(price.per_share),
        on=price.on,
        right=decimal(price.per_right),
        how=said("given") if price.is_given_per_right else said("× the shares per right of the terms, rounded up"),
    )
    return (Reason(price.version, "item 12", says),)
