"""The lives of securities as transactions of Open Cap Format 1.2.0, and what they leave unsaid as notes.

The quantity of equity compensation is in shares, never in rights: the rights × the shares per right of that day. A
split multiplies the quantity of every security of its stock class; where the ledger, which drops the fraction of each
right, comes to another number, the security ends in part and goes on as another, its balance.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from ledger.domain.state import State
from ledger.domain.windows import window_of
from ledger.exchange.packages.ocf_parts import (
    Object,
    class_id,
    is_exact,
    money,
    number,
    plan_id,
    stakeholder_id,
    termination_windows,
)
from ledger.exchange.packages.securities import Ended, Event, Exercised, Issued, Passed, Resized, Security, WhyEnded
from ledger.projections.rows import ExerciseRow, decimal

REASONS: Final[Mapping[WhyEnded, str]] = {
    "waived": "waived by the holder",
    "acquired": "acquired by the company without payment (item 8)",
    "extinguished": "extinguished by the merger, without a replacement (item 9)",
    "replaced": "replaced by rights of the successor (item 9)",
    "lapsed": "lapsed: no day of exercise was left (Companies Act 287)",
    "fraction": "the fraction of a share of each right is dropped (item 3)",
    "adjusted": "the company set another number of shares per right (item 3)",
}

COMES_BY: Final = {
    "allotted": "allotted",
    "received": "received from the holder of security {of}",
    "replaced": "replaces security {of} of the dissolved or former company (item 9)",
    "left": "what is left of security {of}",
    "adjusted": "security {of} with another number of shares per right",
}


class Written(NamedTuple):
    """A transaction, and what the format cannot say about it."""

    transaction: Object
    note: Object


class Writer:
    """Writes events.

    end: what is known on the day of the package. exercises: by version. currencies: by company, where it is not the
    yen. recorded_at: when the ledger learned what, by version.
    """

    def __init__(
        self,
        end: State,
        exercises: Mapping[int, ExerciseRow],
        currencies: Mapping[str, str],
        recorded_at: Mapping[int, str],
    ) -> None:
        self._end = end
        self._exercises = exercises
        self._currencies = currencies
        self._recorded_at = recorded_at

    def written(self, events: Iterable[Event]) -> Iterator[Written]:
        """All transactions of events, in their order."""
        for event in events:
            if isinstance(event, Issued):
                yield self._issuance(event)
            elif isinstance(event, Exercised):
                yield self._exercise(event)
                if event.shares:
                    yield self._stock_issuance(event)
            elif isinstance(event, Passed):
                yield self._transfer(event)
            elif isinstance(event, Ended):
                yield self._cancellation(event)
            else:
                yield self._split(event)

    def _issuance(self, event: Issued) -> Written:
        series, security = event.series, event.security
        price = series.exercise_price
        comments = [f"{_rights(security)}; {COMES_BY[event.why].format(of=event.of)}"]
        if not is_exact(price):
            comments.append(f"the exercise price is {price} per share, exactly")
        transaction: Object = {
            "object_type": "TX_EQUITY_COMPENSATION_ISSUANCE",
            "id": f"issuance-{security.id}",
            "security_id": security.id,
            "date": event.on.isoformat(),
            "custom_id": f"{security.key.series}/{security.id}",
            "stakeholder_id": stakeholder_id(security.key.holder),
            "stock_plan_id": plan_id(security.key.series),
            "stock_class_id": class_id(series.company),
            "security_law_exemptions": [],
            "compensation_type": "OPTION",
            "quantity": number(security.shares),
            "exercise_price": money(price, self._currency(series.company)),
            "expiration_date": series.period.until.isoformat(),
            "termination_exercise_windows": termination_windows(series.terms.conditions),
            "board_approval_date": series.resolved_on.isoformat(),
            "comments": comments,
        }
        paid = self._end.prices.get(series.root)
        if event.why == "allotted" and paid is not None:
            transaction["consideration_text"] = f"{decimal(paid.per_right)} {self._currency(series.company)} a right"
        note = self._note(transaction, event.version, security, security.rights)
        window = self._window(security)
        return Written(transaction, note | ({} if window is None else {"window": window}))

    def _exercise(self, event: Exercised) -> Written:
        security, row = event.security, self._exercises[event.version]
        currency = self._currency(event.series.company)
        transaction = {
            "object_type": "TX_EQUITY_COMPENSATION_EXERCISE",
            "id": f"exercise-{event.version}-{event.part}",
            "security_id": security.id,
            "date": event.on.isoformat(),
            "quantity": number(event.shares),
            "resulting_security_ids": [_stock_id(event)] if event.shares else [],
            "comments": [f"{event.rights:,} rights exercised, of {_rights(security)}"],
        }
        if event.part == 1:
            transaction["consideration_text"] = f"{row.payment} {currency} for {row.rights:,} rights in all"
        return Written(transaction, self._note(transaction, event.version, security, event.rights) | _capital(row))

    def _stock_issuance(self, event: Exercised) -> Written:
        series, row = event.series, self._exercises[event.version]
        raised = f"of {row.payment:,} yen paid for version {row.version}, capital stock rose by {row.capital:,} yen and"
        comments = [f"{raised} capital reserve by {row.capital_reserve:,} yen (item 6)"]
        if row.shares_still_due:
            comments.append(f"{row.shares_still_due:,} shares were still due that day (item 3, proviso)")
        transaction = {
            "object_type": "TX_STOCK_ISSUANCE",
            "id": f"issuance-{_stock_id(event)}",
            "security_id": _stock_id(event),
            "date": event.on.isoformat(),
            "custom_id": f"CS-{event.version}-{event.part}",
            "stakeholder_id": stakeholder_id(event.security.key.holder),
            "stock_class_id": class_id(series.company),
            "stock_plan_id": plan_id(series.series),
            "security_law_exemptions": [],
            "share_price": money(series.exercise_price, self._currency(series.company)),
            "quantity": number(event.shares),
            "stock_legend_ids": [],
            "comments": comments,
        }
        return Written(transaction, self._note(transaction, event.version, event.security, event.rights))

    def _transfer(self, event: Passed) -> Written:
        how = "inherited by" if event.is_inherited else "transferred to"
        transaction = {
            "object_type": "TX_EQUITY_COMPENSATION_TRANSFER",
            "id": f"transfer-{event.to.id}",
            "security_id": event.security.id,
            "date": event.on.isoformat(),
            "quantity": number(event.to.shares),
            "resulting_security_ids": [event.to.id],
            "comments": [f"{event.rights:,} rights {how} {event.to.key.holder}"],
            **_balance(event.left),
        }
        note = self._note(transaction, event.version, event.security, event.rights)
        return Written(transaction, note | {"to": event.to.key.holder, "is_inherited": event.is_inherited})

    def _cancellation(self, event: Ended) -> Written:
        comments = (
            [f"{event.rights:,} rights"] if event.rights else ["no right ends: only the number of shares changes"]
        )
        if not is_exact(event.shares):
            comments.append(f"the quantity is {event.shares} shares, exactly")
        transaction = {
            "object_type": "TX_EQUITY_COMPENSATION_CANCELLATION",
            "id": f"end-{event.security.id}",
            "security_id": event.security.id,
            "date": event.on.isoformat(),
            "quantity": number(event.shares),
            "reason_text": REASONS[event.why],
            "comments": comments,
            **_balance(event.left),
        }
        note = self._note(transaction, event.version, event.security, event.rights)
        return Written(transaction, note | {"why": event.why})

    def _split(self, event: Resized) -> Written:
        ratio = event.ratio
        kind = "split" if ratio > 1 else "consolidation"
        transaction = {
            "object_type": "TX_STOCK_CLASS_SPLIT",
            "id": f"split-{event.version}",
            "date": event.on.isoformat(),
            "stock_class_id": class_id(event.company),
            "split_ratio": {"numerator": str(ratio.numerator), "denominator": str(ratio.denominator)},
            "comments": [f"{kind} of shares, {ratio} new for one old; rights keep their number, not their shares"],
        }
        return Written(transaction, {"id": transaction["id"], **self._known(event.version)})

    def _note(self, transaction: Object, version: int | None, security: Security, rights: int) -> Object:
        return {"id": transaction["id"], **self._known(version), **of_holding(security), "rights": rights}

    def _known(self, version: int | None) -> Object:
        """Which entry it comes from and when the ledger learned it; what lapsed comes from none."""
        return {"version": version, "recorded_at": None if version is None else self._recorded_at[version]}

    def _window(self, security: Security) -> Mapping[str, str] | None:
        """When the holding that a security is of may be exercised, by what is known on the day of the package."""
        key = security.key
        window = window_of(self._end.series[key.series], self._end.holdings[key.series][key])
        return None if window is None else {"from": window.from_.isoformat(), "until": window.until.isoformat()}

    def _currency(self, company: str) -> str:
        return self._currencies.get(company, "JPY")


def of_holding(security: Security) -> Object:
    """The holding that a security is of, with the shares for a right on that day, for a note."""
    key = security.key
    return {
        "series": key.series,
        "holder": key.holder,
        "inherited_from": key.inherited_from,
        "transferred_from": key.transferred_from,
        "shares_per_right": security.shares_per_right,
    }


def _rights(security: Security) -> str:
    return f"{security.rights:,} rights of {security.shares_per_right:,} shares"


def _stock_id(event: Exercised) -> str:
    return f"shares-{event.version}-{event.part}"


def _balance(left: Security | None) -> dict[str, Any]:
    return {} if left is None else {"balance_security_id": left.id}


def _capital(row: ExerciseRow) -> Object:
    """What the whole entry paid and raised, in yen; its rights may come from several securities."""
    return {
        "payment": row.payment,
        "capital": row.capital,
        "capital_reserve": row.capital_reserve,
        "shares_still_due": row.shares_still_due,
    }
