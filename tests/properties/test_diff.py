"""What changed, applied to what was, is what is; nothing changed of itself; and whatever changed names a cause."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.book import Book
from ledger.differing import Difference
from ledger.projections.diff import OF_A_HOLDING, OF_A_SERIES
from tests.properties.asking import EVER, new_book, telling_days
from tests.strategies import Ledger, ledgers

Figures = dict[tuple[str | None, ...], dict[str, Any]]


def figures(book: Book, on: date, version: int) -> Figures:
    """What the questions answer of each series and of each holding."""
    asked: dict[str, Any] = {"known_at": EVER, "known_version": version}
    holdings = [row.to_dict() for row in book.holdings(on, **asked)]
    series = [row.to_dict() for row in book.series(on, **asked)]
    return {_key(row): {name: row[name] for name in OF_A_HOLDING} for row in holdings} | {
        (row["series"], None, None, None): {name: row[name] for name in OF_A_SERIES} for row in series
    }


def _key(row: dict[str, Any]) -> tuple[str | None, ...]:
    return row["series"], row["holder"], row["inherited_from"], row["transferred_from"]


def applied(difference: Difference, before: Figures) -> Figures:
    after = {key: dict(row) for key, row in before.items()}
    for row in difference.to_dict()["rows"]:
        key = _key(row)
        assert (key in after) == (row["change"] != "appeared")
        found = after.setdefault(key, {})
        for each in row["changes"]:
            assert found.get(each["field"]) == each["before"]
            assert each["before"] != each["after"] or row["change"] != "changed"
            found[each["field"]] = each["after"]
        if row["change"] == "vanished":
            assert set(after.pop(key).values()) == {None}
    return after


@settings(max_examples=60)
@given(ledgers(), st.data())
def test_what_changed_leads_from_the_one_to_the_other(ledger: Ledger, data: st.DataObject) -> None:
    book = new_book(*ledger.batches)
    days = st.sampled_from(telling_days(ledger.contents, ledger.history.state))
    versions = st.integers(0, len(ledger.contents))
    on, versions_ = (data.draw(days), data.draw(days)), (data.draw(versions), data.draw(versions))
    found = book.diff(on, known_at=(EVER, EVER), known_version=versions_)
    before, after = (figures(book, on[side], versions_[side]) for side in (0, 1))
    assert applied(found, before) == after
    recorded = {row.version: row for row in book.history()}
    for row in found.rows:
        assert row.causes, row
        for cause in row.causes:
            if cause.version is None:
                assert cause.type == "lapse"
                assert min(on) <= cause.on <= max(on)
            else:
                assert cause.type == recorded[cause.version].type
    for side in (0, 1):
        same = book.diff((on[side],) * 2, known_at=(EVER, EVER), known_version=(versions_[side],) * 2)
        assert same.rows == ()


@settings(max_examples=40)
@given(ledgers(), st.data())
def test_a_cause_is_an_entry_that_takes_effect_in_between(ledger: Ledger, data: st.DataObject) -> None:
    """Where both sides know the same; else one that either does not know."""
    book = new_book(*ledger.batches)
    days = st.sampled_from(telling_days(ledger.contents, ledger.history.state))
    early, late = sorted((data.draw(days), data.draw(days)))
    for row in book.diff((early, late), known_at=(EVER, EVER)).rows:
        for cause in row.causes:
            assert early < cause.on <= late or (cause.type == "lapse" and early <= cause.on)
    versions = sorted(data.draw(st.integers(0, len(ledger.contents))) for _ in "12")
    for row in book.diff((late, late), known_at=(EVER, EVER), known_version=(versions[0], versions[1])).rows:
        for cause in row.causes:
            assert cause.version is not None
            assert cause.version <= versions[1]
