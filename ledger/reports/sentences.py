"""The answer of an explanation in one sentence, in the language spoken."""

from datetime import date

from ledger.domain.reasons import rights_said
from ledger.projections.report_rows import ExplanationRow
from ledger.reports.cells import holder_of, label_of
from ledger.reports.language import day, reworded, series_name, text


def sentence(row: ExplanationRow) -> str:
    """What is so, and the reason nearest to it."""
    return SENTENCES[row.answer](row)


def _may_exercise(row: ExplanationRow) -> str:
    return text(
        "{holder} may exercise {rights} of {series} on {on}, for {shares:,} shares and {payment:,} yen:"
        " the window is {first} to {last}",
        **_of(row),
        shares=row.figures["shares"],
        payment=row.figures["payment"],
        first=_day(row, "from"),
        last=_day(row, "until"),
    )


def _may_not(row: ExplanationRow, why: str) -> str:
    return text("{holder} may not exercise {rights} of {series} on {on}: {why}", **_of(row), why=why)


def _in_office(row: ExplanationRow) -> str:
    return _may_not(row, text("{holder} is in office, and may only after leaving", holder=_name(row)))


def _awaiting_heir(row: ExplanationRow) -> str:
    return _may_not(row, text("{holder} died on {day}, and the heir is awaited", holder=_name(row), day=_died(row)))


def _not_yet_open(row: ExplanationRow) -> str:
    return _may_not(row, text("the window opens on {day}", day=_day(row, "from")))


def _window_closed(row: ExplanationRow) -> str:
    return _may_not(row, text("the window closed on {day}", day=_day(row, "until")))


def _period_ended(row: ExplanationRow) -> str:
    return _may_not(row, text("the exercise period is over, and they lapsed on {day}", day=_day(row, "lapsed_on")))


def _no_day_left(row: ExplanationRow) -> str:
    return _may_not(row, text("no day was left to exercise, and they lapsed on {day}", day=_day(row, "lapsed_on")))


def _nothing_passes_on(row: ExplanationRow) -> str:
    says = text("{holder} died on {day}, and they do not pass on", holder=_name(row), day=_died(row))
    return _may_not(row, says)


def _nothing_left(row: ExplanationRow) -> str:
    had = row.figures["allotted"] + row.figures["received"]
    went = [way_of(row.figures[way], way) for way in WENT if row.figures[way]]
    return text(
        "{holder} has none of {had} of {series} left on {on}: {went}",
        holder=holder_of(row),
        had=reworded(rights_said(had)),
        series=_series_of(row),
        on=day(row.on),
        went=text(", ").join(went),
    )


def way_of(rights: int, way: str) -> str:
    """So many rights that went a way, in words."""
    return text(WENT[way], rights=rights)


def _series(row: ExplanationRow) -> str:
    rights = row.figures["outstanding"]
    return text(
        "1 right of {series} is outstanding on {on}, for {shares:,} shares: {per_right:,} a right"
        if rights == 1
        else "{rights:,} rights of {series} are outstanding on {on}, for {shares:,} shares: {per_right:,} a right",
        rights=rights,
        series=_series_of(row),
        on=day(row.on),
        shares=row.figures["shares"],
        per_right=row.figures["shares_per_right"],
    )


def _exercise(row: ExplanationRow) -> str:
    return text(
        "{holder} exercised {rights} of {series} on {on}: {shares:,} shares for {payment:,} yen paid; with the price "
        "of the rights, capital rises by {capital:,} yen and capital reserve by {reserve:,} yen",
        holder=holder_of(row),
        rights=reworded(rights_said(row.figures["rights"])),
        series=_series_of(row),
        on=day(row.on),
        shares=row.figures["shares"],
        payment=row.figures["payment"],
        capital=row.figures["capital"],
        reserve=row.figures["capital_reserve"],
    )


def _of(row: ExplanationRow) -> dict[str, object]:
    """Who, how many rights, of what, when: those outstanding, or those that lapsed."""
    rights = row.figures["outstanding"] or row.figures["lapsed"]
    return {
        "holder": holder_of(row),
        "rights": reworded(rights_said(rights)),
        "series": _series_of(row),
        "on": day(row.on),
    }


def _series_of(row: ExplanationRow) -> str:
    return series_name(row.series or "")


def _name(row: ExplanationRow) -> str:
    return label_of(row.holder or "")


def _day(row: ExplanationRow, figure: str) -> str:
    on: date = row.figures[figure]
    return day(on)


def _died(row: ExplanationRow) -> str:
    return _day(row, "died_on")


WENT = {
    "exercised": "{rights:,} exercised",
    "waived": "{rights:,} waived",
    "acquired": "{rights:,} acquired by the company",
    "extinguished": "{rights:,} extinguished",
    "replaced": "{rights:,} replaced",
    "passed_on": "{rights:,} passed on",
}

SENTENCES = {
    "may-exercise": _may_exercise,
    "in-office": _in_office,
    "awaiting-heir": _awaiting_heir,
    "not-yet-open": _not_yet_open,
    "window-closed": _window_closed,
    "period-ended": _period_ended,
    "no-day-left": _no_day_left,
    "nothing-passes-on": _nothing_passes_on,
    "nothing-left": _nothing_left,
    "series": _series,
    "exercise": _exercise,
}
