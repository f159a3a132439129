"""The forms: one command a kind of entry, each an act of a holder or of the company."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from ledger.cli import options
from ledger.cli.commands import COMPANIES, HOLDERS
from ledger.cli.forms import Fields, form
from ledger.cli.term_sheet import read_term_sheet
from ledger.domain.errors import MalformedError

Cause = Literal["retirement", "resignation", "dismissal", "other"]
Kind = Literal["merger", "absorption-type-demerger", "incorporation-type-demerger", "share-exchange", "share-transfer"]


def add(app: typer.Typer) -> None:
    """Add the command of every kind of entry."""
    _add_holders_forms(app)
    _add_company_forms(app)
    _add_series_forms(app)


def _add_holders_forms(app: typer.Typer) -> None:
    @form(app, "appoint", "appointment", HOLDERS)
    def appoint(holder: options.Holder, position: options.Position, on: options.On) -> Fields:
        """Record that a holder took a position.

        Example: rights appoint --holder director-3 --position executive-officer --on 2018-06-28
        """
        return {"holder": holder, "position": position, "on": on}

    @form(app, "depart", "departure", HOLDERS)
    def depart(
        holder: options.Holder,
        on: options.On,
        position: Annotated[
            str | None, typer.Option("--position", metavar="P", help="The position lost; default: all.")
        ] = None,
        cause: Annotated[Cause | None, typer.Option("--cause", help="Why.")] = None,
    ) -> Fields:
        """Record that a holder lost a position, or all, other than by death (item 11(2)).

        Example: rights depart --holder director-5 --on 2023-06-28 --cause retirement
        """
        return {"holder": holder, "on": on, "position": position, "cause": cause}

    @form(app, "die", "death", HOLDERS)
    def die(holder: options.Holder, on: options.On) -> Fields:
        """Record that a holder died (item 11(3)).

        Example: rights die --holder director-6 --on 2024-02-11
        """
        return {"holder": holder, "on": on}

    @form(app, "inherit", "inheritance", HOLDERS)
    def inherit(
        holder: Annotated[
            str, typer.Option("--holder", metavar="H", help="The deceased.", autocompletion=options.holder_names)
        ],
        heir: Annotated[str, typer.Option("--heir", metavar="H", help="The one heir.")],
        on: Annotated[
            date, typer.Option("--on", metavar="DAY", parser=options.read_day, help="The day the one heir is settled.")
        ],
        series: options.AnySeries = None,
    ) -> Fields:
        """Record the one heir of a deceased holder, for one series or for all (item 11(3)).

        Example: rights inherit --holder director-6 --heir heir-2 --on 2024-03-15
        """
        return {"holder": holder, "heir": heir, "on": on, "series": series}

    @form(app, "exercise", "exercise", HOLDERS)
    def exercise(
        series: options.Series,
        holder: options.Holder,
        rights: options.Rights,
        on: options.On,
        inherited_from: options.InheritedFrom = None,
        transferred_from: options.TransferredFrom = None,
        treasury_shares: Annotated[
            int | None, typer.Option("--treasury-shares", metavar="N", help="Shares delivered that are not new.")
        ] = None,
    ) -> Fields:
        """Record that a holder exercised rights and paid for the shares (items 4, 6, 11).

        Example: rights exercise --series 7 --holder director-5 --rights 24 --on 2023-07-03
        """
        return {
            "series": series,
            "holder": holder,
            "rights": rights,
            "on": on,
            "inherited_from": inherited_from,
            "transferred_from": transferred_from,
            "treasury_shares": treasury_shares,
        }

    @form(app, "waive", "waiver", HOLDERS)
    def waive(
        series: options.Series,
        holder: options.Holder,
        rights: options.Rights,
        on: options.On,
        inherited_from: options.InheritedFrom = None,
        transferred_from: options.TransferredFrom = None,
    ) -> Fields:
        """Record that a holder gave up rights.

        Example: rights waive --series 7 --holder officer-1 --rights 1 --on 2018-03-30
        """
        return {
            "series": series,
            "holder": holder,
            "rights": rights,
            "on": on,
            "inherited_from": inherited_from,
            "transferred_from": transferred_from,
        }

    @form(app, "transfer", "transfer", HOLDERS)
    def transfer(
        series: options.Series,
        holder: options.Holder,
        to: Annotated[
            str, typer.Option("--to", metavar="H", help="Who receives them.", autocompletion=options.holder_names)
        ],
        rights: options.Rights,
        on: options.On,
        approved_on: Annotated[
            date | None,
            typer.Option("--approved-on", metavar="DAY", parser=options.read_day, help="Day of the board's approval."),
        ] = None,
        transferred_from: options.TransferredFrom = None,
    ) -> Fields:
        """Record that a holder passed rights on to another, where the terms allow it (item 7).

        Example:
        rights transfer --series 8 --holder director-1 --to trust --rights 2 --on 2018-08-01 --approved-on 2018-07-25
        """
        return {
            "series": series,
            "holder": holder,
            "to": to,
            "rights": rights,
            "on": on,
            "approved_on": approved_on,
            "transferred_from": transferred_from,
        }


def _add_company_forms(app: typer.Typer) -> None:
    @form(app, "company", "company", COMPANIES)
    def company(
        company: options.CompanyId,
        name: Annotated[str, typer.Option("--name", metavar="NAME", help="Its full name.")],
        on: options.On,
        currency: Annotated[str | None, typer.Option("--currency", metavar="CODE", help="Such as JPY.")] = None,
    ) -> Fields:
        """Record a company whose rights this ledger keeps.

        Example: rights company --company ACME --name "Acme Inc." --on 2001-04-02
        """
        return {"company": company, "name": name, "on": on, "currency": currency}

    @form(app, "split", "split", COMPANIES)
    def split(
        company: options.CompanyId,
        ratio: options.Ratio,
        record_date: Annotated[
            date,
            typer.Option(
                "--record-date", metavar="DAY", parser=options.read_day, help="It is effective on the day after."
            ),
        ],
        meeting_closed_on: Annotated[
            date | None,
            typer.Option(
                "--meeting-closed-on",
                metavar="DAY",
                parser=options.read_day,
                help="Closing day of the meeting it depends on (item 3, proviso).",
            ),
        ] = None,
    ) -> Fields:
        """Record a share split (item 3).

        Example: rights split --company IIJ --ratio 2 --record-date 2024-09-30
        """
        return {
            "company": company,
            "ratio": ratio,
            "record_date": record_date,
            "meeting_closed_on": meeting_closed_on,
        }

    @form(app, "consolidate", "consolidation", COMPANIES)
    def consolidate(company: options.CompanyId, ratio: options.Ratio, on: options.On) -> Fields:
        """Record a share consolidation (item 3).

        Example: rights consolidate --company IIJ --ratio 1/10 --on 2025-10-01
        """
        return {"company": company, "ratio": ratio, "on": on}

    @form(app, "restructure", "restructuring", COMPANIES)
    def restructure(
        company: options.CompanyId,
        kind: Annotated[Kind, typer.Option("--kind", help="What it is.")],
        on: options.On,
        delivery: Annotated[
            bool, typer.Option("--delivery/--no-delivery", help="Whether the agreement provides for replacement.")
        ],
        successor: Annotated[
            str | None, typer.Option("--successor", metavar="C", help="The company that replaces the rights.")
        ] = None,
        successor_name: Annotated[
            str | None, typer.Option("--successor-name", metavar="NAME", help="Its name.")
        ] = None,
        ratio: Annotated[
            str | None, typer.Option("--ratio", metavar="R", help="Its shares per share of the company; default: 1.")
        ] = None,
        series_map: Annotated[
            list[str] | None,
            typer.Option("--series-map", metavar="OLD=NEW", help="Replace this series only; may be repeated."),
        ] = None,
    ) -> Fields:
        """Record a merger, demerger, share exchange or share transfer (item 9).

        Example: rights restructure --company IIJ --kind share-transfer --on 2026-04-01 --delivery --successor HD
        """
        return {
            "company": company,
            "kind": kind,
            "on": on,
            "delivery": delivery,
            "successor": successor,
            "successor_name": successor_name,
            "ratio": ratio,
            "series_map": _pairs(series_map),
        }


def _pairs(given: list[str] | None) -> dict[str, str] | None:
    """Read OLD=NEW, any number of times."""
    if not given:
        return None
    found: dict[str, str] = {}
    for each in given:
        old, equals, new = each.partition("=")
        if not equals or old in found:
            raise MalformedError("malformed", f"--series-map {each}: write OLD=NEW, each OLD once")
        found[old] = new
    return found


def _add_series_forms(app: typer.Typer) -> None:
    @form(app, "issue", "issue", COMPANIES)
    def issue(
        term_sheet: Annotated[
            Path, typer.Argument(metavar="FILE.toml", help="The term sheet; `-` for standard input.")
        ],
    ) -> Fields:
        """Record that a series was resolved, from a term sheet in TOML.

        Example: rights issue series-8.toml
        """
        return read_term_sheet(term_sheet)

    @form(app, "allot", "allotment", COMPANIES)
    def allot(
        series: options.Series,
        holder: options.Holder,
        position: options.Position,
        rights: options.Rights,
        on: options.On,
    ) -> Fields:
        """Record that rights were allotted to a holder (items 13, 15).

        Example: rights allot --series 8 --holder director-1 --position director --rights 24 --on 2018-07-13
        """
        return {"series": series, "holder": holder, "position": position, "rights": rights, "on": on}

    @form(app, "adjust", "adjustment", COMPANIES)
    def adjust(
        series: options.Series,
        shares_per_right: Annotated[int, typer.Option("--shares-per-right", metavar="N", help="From that day on.")],
        on: options.On,
        reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why.")] = None,
    ) -> Fields:
        """Record another change of the shares per right of a series, decided by the company (item 3).

        Example: rights adjust --series 7 --shares-per-right 1000 --on 2024-04-01 --reason demerger
        """
        return {"series": series, "shares_per_right": shares_per_right, "on": on, "reason": reason}

    @form(app, "acquire", "acquisition", COMPANIES)
    def acquire(
        series: options.Series,
        approval_kind: Annotated[Kind, typer.Option("--approval-kind", help="What the meeting approved.")],
        approved_on: Annotated[
            date, typer.Option("--approved-on", metavar="DAY", parser=options.read_day, help="Day of the approval.")
        ],
        on: options.On,
        holder: Annotated[
            list[str] | None,
            typer.Option(
                "--holder",
                metavar="H",
                help="Only of this holder; may be repeated. Default: of all.",
                autocompletion=options.holder_names,
            ),
        ] = None,
    ) -> Fields:
        """Record that the company took rights back without payment (item 8).

        Example: rights acquire --series 7 --approval-kind share-transfer --approved-on 2026-02-20 --on 2026-03-31
        """
        approval = {"kind": approval_kind, "on": approved_on.isoformat()}
        return {"series": series, "approval": approval, "on": on, "holders": holder or None}

    @form(app, "cancel", "cancellation", COMPANIES)
    def cancel(series: options.Series, rights: options.Rights, on: options.On) -> Fields:
        """Record that the company cancelled rights that it had taken back.

        Example: rights cancel --series 7 --rights 10 --on 2026-04-30
        """
        return {"series": series, "rights": rights, "on": on}

    @form(app, "retract", "retraction", COMPANIES)
    def retract(
        version: Annotated[
            int, typer.Argument(metavar="VERSION", help="Of the wrong entry; `rights history` shows it.")
        ],
    ) -> Fields:
        """Record that an entry was wrong: it is read as if it had never been made, and stays in the history.

        Example: rights retract 40 --note "recorded twice"
        """
        return {"retracts": version}
