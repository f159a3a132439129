"""Why a holding, a series or an exercise is as the questions answer it: its figures, and the chain behind each.

Nothing is reckoned here: the figures are the rows of the questions, asked of a state that knows this one alone.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from ledger.domain.entries import Cancellation
from ledger.domain.reasons import Reason, Reasons, Said, rights_said, said, series_said
from ledger.domain.spans import next_day
from ledger.domain.state import Act, Exercised, HoldingKey, Series, State
from ledger.domain.timeline import Placed
from ledger.projections.eligibility import eligibility
from ledger.projections.exercises import exercises
from ledger.projections.holdings import acts_by_holding, holdings
from ledger.projections.report_rows import ExplanationRow, SourcedReason
from ledger.projections.rows import HoldingRow, Row, SeriesRow, key_order
from ledger.projections.series import series as series_view
from ledger.projections.series import why_price
from ledger.projections.share_steps import exact, price_steps, share_steps, still_due
from ledger.projections.window_steps import has_lapsed_by_death, window_of_the_living, window_steps

Source = Callable[[int], str | None]
"""Gives the document that shows the entry of a version."""

WAYS_IN = ("allotted", "received")
WAYS_OUT = ("exercised", "lapsed", "waived", "acquired", "extinguished", "replaced", "passed_on")

ALONE = frozenset({"allotted", "exercised", "waived"})
"""What happens to a holder alone; the other acts are of many at once."""

OF_THE_KEY = frozenset({"series", "holder", "inherited_from", "transferred_from", "version", "on", "because"})
"""What tells which row it is, and is no figure."""


def explained_holding(state: State, key: HoldingKey, on: date, source: Source) -> ExplanationRow:
    """Why a holding may be exercised on a day or not, and where its rights are.

    state: folded up to that day, with its acts.
    """
    series, holding = state.series[key.series], state.holdings[key.series][key]
    alone = _knowing(state, series, [key])
    (row,) = holdings(alone, on, why=True)
    asked = next(iter(eligibility(alone, on)), None)
    window = window_of_the_living(series, holding)
    figures = {
        **_figures(row),
        "exercise_price": series_view(alone, on)[0].exercise_price,
        "payment": 0 if asked is None else asked.payment,
        "eligible": asked is not None and asked.eligible,
        "from": (None if window is None else window.from_) if asked is None else asked.from_,
        "until": (None if window is None else window.until) if asked is None else asked.until,
        "reason": None if asked is None else asked.reason,
        "lost_on": holding.lost_on,
        "died_on": holding.died_on,
        "inherited_on": holding.inherited_on,
        "lapsed_on": holding.lapses_on if row.lapsed else None,
    }
    if asked is not None:
        answer = asked.reason or "may-exercise"
    elif not row.lapsed:
        answer = "nothing-left"
    elif holding.lapses_on == next_day(series.period.until):
        answer = "period-ended"
    elif has_lapsed_by_death(series, holding):
        answer = "nothing-passes-on"
    else:
        answer = "no-day-left" if window is None else "window-closed"
    acts = len(acts_by_holding(alone)[key])
    steps = (
        *_moves(state, series, key),
        *window_steps(state, series, holding),
        *row.because[acts : acts + bool(row.lapsed)],
        Reason(None, "domain.md 11", _sum(row)),
        *share_steps(series),
        *_shares(row.outstanding, series, row.shares),
        *price_steps(series),
        *([] if asked is None else [_payment(row.shares, series, asked.payment)]),
    )
    return _row(key, None, on, answer, figures, steps, source)


def explained_series(state: State, name: str, on: date, placed: Iterable[Placed], source: Source) -> ExplanationRow:
    """Where the rights of a series are, and how its shares per right and its prices came about.

    state: folded up to the day, with its acts. placed: the timeline up to it, for what the company cancelled.
    """
    series = state.series[name]
    alone = _knowing(state, series, state.holdings[name])
    (row,) = series_view(alone, on, why=True)
    steps = (
        _maximum(series),
        Reason(series.version, "item 5", said("the exercise period is {period}", period=series.period)),
        *_moved(alone),
        *_lapsed(holdings(alone, on, why=True)),
        Reason(None, "domain.md 11", _sum(row)),
        *_held_by_company(row, placed),
        *share_steps(series),
        *_shares(row.outstanding, series, row.shares),
        *price_steps(series),
        *why_price(state.prices.get(series.root)),
    )
    return _row(HoldingKey(name, ""), None, on, "series", _figures(row), steps, source)


def explained_exercise(state: State, version: int, source: Source) -> ExplanationRow | None:
    """What an exercise paid and what it added to capital; None where the version is of none that counts.

    state: folded over the whole timeline, with its exercises.
    """
    exercised = next((each for each in state.exercises if each.version == version), None)
    if exercised is None:
        return None
    alone = state.fork()
    alone.exercises = [exercised]
    (row,) = exercises(alone, exercised.entry.on, why=True)
    payment_and_capital = row.because[:3]
    steps = (
        Reason(version, "items 4, 5", _moved_in_words("exercised", row.rights, "", row.on)),
        *share_steps(exercised.series),
        *_shares(row.rights, exercised.series, row.shares),
        *still_due(exercised, row.shares, row.shares_still_due),
        *price_steps(exercised.series),
        *why_price(state.prices.get(exercised.series.root)),
        *payment_and_capital,
    )
    return _row(exercised.key, version, row.on, "exercise", {**_figures(row), **_then(exercised)}, steps, source)


def keys_of(state: State, series: str, holder: str) -> list[HoldingKey]:
    """The holdings of one holder in a series, in the order of the answers."""
    return sorted((key for key in state.holdings[series] if key.holder == holder), key=key_order)


def _knowing(state: State, series: Series, keys: Iterable[HoldingKey]) -> State:
    """A state that knows one series, and of its holdings these."""
    alone = State()
    alone.series = {series.series: series}
    held = state.holdings[series.series]
    alone.holdings = {series.series: {key: held[key] for key in keys}}
    alone.prices = state.prices
    wanted = alone.holdings[series.series]
    alone.acts = [(key, act) for key, act in state.acts if key in wanted]
    return alone


def _figures(row: Row) -> dict[str, object]:
    return {name: getattr(row, name) for name in row.__struct_fields__ if name not in OF_THE_KEY}


def _then(exercised: Exercised) -> dict[str, object]:
    """What the series was on the day of an exercise."""
    alone = State()
    alone.series = {exercised.series.series: exercised.series}
    alone.holdings = {exercised.series.series: {}}
    (row,) = series_view(alone, exercised.entry.on)
    return {"shares_per_right": row.shares_per_right, "exercise_price": row.exercise_price}


def _sum(row: HoldingRow | SeriesRow) -> Said:
    """Where the rights went, as a sum that comes out."""
    ways_in = [way for way in WAYS_IN if getattr(row, way)] or ["allotted"]
    total = _term(row, ways_in[0])
    for way in ways_in[1:]:
        total = said("{total} + {term}", total=total, term=_term(row, way))
    for way in WAYS_OUT:
        if getattr(row, way, 0):
            total = said("{total} − {term}", total=total, term=_term(row, way))
    return said("{total} = {term}", total=total, term=_term(row, "outstanding"))


def _term(row: HoldingRow | SeriesRow, way: str) -> Said:
    return said("{rights:,} {way}", rights=getattr(row, way), way=said(way.replace("_", " ")))


def _shares(rights: int, series: Series, shares: int) -> Iterator[Reason]:
    says = said(
        "{rights} × {per_right:,} = {shares:,} shares",
        rights=rights_said(rights),
        per_right=series.shares_per_right,
        shares=shares,
    )
    yield Reason(None, "items 3, 10", says)


def _payment(shares: int, series: Series, payment: int) -> Reason:
    price, product, after = exact(series.exercise_price), exact(shares * series.exercise_price), f"{payment:,}"
    if product == after:
        says = said("{shares:,} shares × {price} yen = {product} yen", shares=shares, price=price, product=product)
    else:
        says = said(
            "{shares:,} shares × {price} yen = {product}, rounded up: {payment} yen",
            shares=shares,
            price=price,
            product=product,
            payment=after,
        )
    return Reason(None, "item 4", says)


def _maximum(series: Series) -> Reason:
    if series.replaces is None:
        return Reason(series.version, "item 2", said("at most {rights}", rights=rights_said(series.max_rights)))
    says = said(
        "1 right replaces one of {of_series}"
        if series.max_rights == 1
        else "{rights:,} rights replace as many of {of_series}",
        rights=series.max_rights,
        of_series=series_said(series.replaces),
    )
    return Reason(series.version, "item 9", says)


def _moves(state: State, series: Series, key: HoldingKey) -> Iterator[Reason]:
    """Every entry that changed a count of a holding: from whom or what it received rights, and to whom they went."""
    for each, act in state.acts:
        if each == key:
            yield Reason(act.version, act.item, _move_in_words(state, series, key, act))


def _move_in_words(state: State, series: Series, key: HoldingKey, act: Act) -> Said:
    of = {"rights": act.rights, "on": act.on}
    match act.way, act.item:
        case "received", "item 7":
            return said("received {rights:,} on {on} by transfer from {giver}", giver=key.transferred_from, **of)
        case "received", "item 11(3)":
            return said("received {rights:,} on {on} by inheritance from {giver}", giver=key.inherited_from, **of)
        case "received", _:
            replaced = series_said(series.replaces or "")
            return said("received {rights:,} on {on} in replacement of {of_series}", of_series=replaced, **of)
        case "passed on", "item 7":
            return said("passed on {rights:,} on {on} by transfer to {taker}", taker=_taker(state, act).holder, **of)
        case "passed on", _:
            taker = _taker(state, act).holder
            return said("passed on {rights:,} on {on} by inheritance to {taker}", taker=taker, **of)
        case "replaced", _:
            new = next(name for name in series.replaced_by if state.series[name].version == act.version)
            return said("replaced {rights:,} on {on} by {of_series}", of_series=series_said(new), **of)
        case _:
            return _moved_in_words(act.way, act.rights, "", act.on)


def _taker(state: State, act: Act) -> HoldingKey:
    """The holding that received what passed on by an entry."""
    return next(key for key, other in state.acts if other.version == act.version and other.way == "received")


def _moved(state: State) -> Iterator[Reason]:
    """Every entry that changed a count of the series: what only passed from one holder to another changed none."""
    moved: Counter[tuple[int, str, str, str, date]] = Counter()
    for key, act in state.acts:
        if act.way in ALONE:
            moved[act.version, act.item, act.way, key.holder, act.on] += act.rights
        elif act.way != "passed on" and (act.way != "received" or act.item == "item 9"):
            moved[act.version, act.item, act.way, "", act.on] += act.rights
    for (version, item, way, holder, on), rights in moved.items():
        yield Reason(version, item, _moved_in_words(way, rights, holder, on))


def _moved_in_words(way: str, rights: int, holder: str, on: date) -> Said:
    """holder: whom it happened to alone, or nobody."""
    if not holder:
        return said("{way} {rights:,} on {on}", way=said(way), rights=rights, on=on)
    if way == "allotted":
        return said("allotted {rights:,} to {holder} on {on}", rights=rights, holder=holder, on=on)
    return said("{way} {rights:,} by {holder} on {on}", way=said(way), rights=rights, holder=holder, on=on)


def _lapsed(rows: Sequence[HoldingRow]) -> Iterator[Reason]:
    for row in rows:
        for reason in row.because if row.lapsed else ():
            if reason.item == "Companies Act 287":
                says = said("{holder}: {cause}", holder=row.holder, cause=reason.says)
                yield Reason(reason.version, reason.item, says)


def _held_by_company(row: SeriesRow, placed: Iterable[Placed]) -> Iterator[Reason]:
    """What the company took back and has not cancelled (item 8)."""
    if not row.acquired:
        return
    cancelled = 0
    for each in placed:
        if isinstance(each.entry, Cancellation) and each.entry.series == row.series:
            cancelled += each.entry.rights
            yield Reason(each.version, "item 8", _moved_in_words("cancelled", each.entry.rights, "", each.on))
    says = said(
        "{acquired:,} acquired − {cancelled:,} cancelled = {held:,} held by the company",
        acquired=row.acquired,
        cancelled=cancelled,
        held=row.company_holds,
    )
    yield Reason(None, "item 8", says)


def _row(
    key: HoldingKey,
    version: int | None,
    on: date,
    answer: str,
    figures: dict[str, object],
    steps: Reasons,
    source: Source,
) -> ExplanationRow:
    sourced = (
        SourcedReason(each.version, each.item, each.says, None if each.version is None else source(each.version))
        for each in steps
    )
    return ExplanationRow(
        key.series,
        key.holder or None,
        key.inherited_from,
        key.transferred_from,
        version=version,
        on=on,
        answer=answer,
        sentence="",
        figures=figures,
        steps=tuple(sourced),
    )
