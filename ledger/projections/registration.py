"""The exercises of a month as one filing with the commercial register (Companies Act 915(3)(i))."""

from collections.abc import Sequence
from datetime import date

from ledger.domain.capital import contribution, shares_due
from ledger.domain.filings import THE_EXERCISES, exercises_due, month_end
from ledger.domain.reasons import Reason, said
from ledger.domain.shares import shares_for
from ledger.domain.state import Exercised, State
from ledger.projections.filings import existing
from ledger.projections.report_rows import RegistrationRow


def registration(state: State, at_end: State, month: date) -> list[RegistrationRow]:
    """A row for every series exercised in the month of a day, by series.

    state: folded over the whole timeline, as for `exercises`: the price at issue is of every exercise, whatever the
    days. at_end: folded up to the month's last day.
    """
    first, last = month.replace(day=1), month_end(month)
    found: dict[str, list[Exercised]] = {}
    for each in state.exercises:
        if first <= each.entry.on <= last:
            found.setdefault(each.key.series, []).append(each)
    return [_row(state, at_end, found[name], last) for name in sorted(found)]


def _row(state: State, at_end: State, exercised: Sequence[Exercised], last: date) -> RegistrationRow:
    series = at_end.series[exercised[0].key.series]
    paid_in = [contribution(each, state.prices.get(each.series.root)) for each in exercised]
    shares = sum(each.shares for each in paid_in)
    newly_issued = sum(each.newly_issued for each in paid_in)
    left = existing(at_end, series, last)
    law = said(
        "the exercises of the month, two weeks from {on}; a last day that is no office day moves to the next", on=last
    )
    acts = (
        Reason(
            each.version,
            "items 4, 6",
            said(
                "exercised {rights:,} on {on}: {shares:,} shares",
                rights=each.entry.rights,
                on=each.entry.on,
                shares=each_in.shares,
            ),
        )
        for each, each_in in zip(exercised, paid_in, strict=True)
    )
    due = sum(shares_due(each, last) for each in exercised)
    later = said(
        "{due:,} of the {shares:,} shares are not to be relied on yet on {on}: they are filed later",
        due=due,
        shares=shares,
        on=last,
    )
    return RegistrationRow(
        series.series,
        series.company,
        f"{last.year:04}-{last.month:02}",
        rights=sum(each.entry.rights for each in exercised),
        shares=shares,
        newly_issued=newly_issued,
        treasury_shares=shares - newly_issued,
        shares_still_due=due,
        payment=sum(each.payment for each in paid_in),
        capital=sum(each.capital for each in paid_in),
        capital_reserve=sum(each.capital_reserve for each in paid_in),
        rights_left=left,
        shares_left=shares_for(left, series.shares_per_right),
        due_on=exercises_due(last),
        because=(Reason(None, THE_EXERCISES, law), *acts, *([Reason(None, "item 3, proviso", later)] if due else [])),
    )
