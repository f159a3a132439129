"""The reports of one ledger that a company files or publishes: what moved in a span, in a month, what may dilute."""

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from ledger.answers import Answer
from ledger.asking import Asking, KnownAt, check_type
from ledger.domain.errors import MalformedError, RefusedError
from ledger.domain.spans import FIRST_DAY, LAST_DAY
from ledger.domain.spelling import did_you_mean
from ledger.projections.rows import Row

if TYPE_CHECKING:
    from ledger.knowledge import Known
    from ledger.projections.report_rows import DilutionRow, RegistrationRow, RollforwardRow


RowT = TypeVar("RowT", bound=Row)


def check_day(name: str, day: date) -> None:
    """Refuse a day that no entry may name: nothing can be said of it."""
    check_type(name, day, date)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise MalformedError("malformed", f"{name} is {day}, not between {FIRST_DAY} and {LAST_DAY}")


def told(rows: list[RowT], *, why: bool) -> list[RowT]:
    """Rows with what they rest on, or without, where nobody asks."""
    return rows if why else [replace(row, because=()) for row in rows]


def require_company(known: "Known", company: str | None) -> None:
    """Refuse a company that the ledger knows on no day."""
    if company is not None and company not in (companies := known.state(keeps_acts=False).companies):
        hint = did_you_mean(company, companies)
        raise RefusedError("unknown-company", f"company {company} is not known on any day{hint}")


class CompanyReporting(Asking):
    """One ledger, to ask and to report of for annual reports and filings."""

    def rollforward(
        self,
        since: date,
        until: date,
        *,
        known_at: KnownAt = None,
        known_version: int | None = None,
        series: str | None = None,
        why: bool = True,
    ) -> "Answer[RollforwardRow]":
        """What became of the rights of each series from ``since`` to ``until``, both included."""
        from ledger.projections.rollforward import day_before
        from ledger.projections.rollforward import rollforward as rollforward_view

        check_day("the first day", since)
        check_day("the last day", until)
        if until < since:
            raise MalformedError(
                "malformed", f"the span from {since} until {until} ends before it begins; both days are included"
            )
        known = self._known(known_at, known_version)
        before = known.state(day_before(since), keeps_acts=False)
        rows = rollforward_view(before, since, known.state(until, keeps_acts=why), until, why=why)
        return known.answer(until, rows, series=series, since=since)

    def registration(
        self,
        month: date,
        *,
        known_at: KnownAt = None,
        known_version: int | None = None,
        series: str | None = None,
        why: bool = True,
    ) -> "Answer[RegistrationRow]":
        """The exercises of the month of a day as they are filed together, by series."""
        from ledger.domain.filings import month_end
        from ledger.projections.registration import registration as registration_view

        check_day("the month", month)
        known, last = self._known(known_at, known_version), month_end(month)
        rows = told(registration_view(known.state(), known.state(last), month), why=why)
        return known.answer(last, rows, series=series)

    def dilution(
        self,
        shares_outstanding: int,
        as_of: date | None = None,
        *,
        share_price: Fraction | int | None = None,
        company: str | None = None,
        known_at: KnownAt = None,
        known_version: int | None = None,
        series: str | None = None,
        why: bool = True,
    ) -> "Answer[DilutionRow]":
        """How many shares the rights outstanding may become, beside those outstanding, at the end of ``as_of``.

        share_price: yen, for the treasury-stock method. company: whose shares; needed where the rights outstanding are
        of several.
        """
        from ledger.projections.dilution import companies_of, diluting
        from ledger.projections.dilution import dilution as dilution_view

        day = self._day(as_of)
        check_type("shares_outstanding", shares_outstanding, int)
        if shares_outstanding < 1:
            raise MalformedError("malformed", f"{shares_outstanding:,} shares outstanding: there is at least 1")
        if share_price is not None:
            check_type("share_price", share_price, Fraction, int)
            if share_price <= 0:
                raise MalformedError("malformed", f"the share price is {share_price} yen; it must be above 0")
        known, state = self._known_by(day, known_at, known_version, why=why)
        require_company(known, company)
        rights = diluting(state, day, company)
        if len(several := companies_of(state, rights)) > 1:
            raise MalformedError(
                "malformed",
                f"the rights outstanding on {day} are for shares of {', '.join(several)}: name the one company whose "
                "shares outstanding are given, with `--company`",
            )
        price = None if share_price is None else Fraction(share_price)
        rows = told(dilution_view(state, rights, shares_outstanding, share_price=price), why=why)
        return known.answer(day, rows, series=series)
