"""domain.md §11: nothing is lost: what came in is where it went, on every day and at every version."""

from datetime import timedelta

import pytest

from ledger.projections.rows import HoldingRow, SeriesRow
from tests.scenario import (
    Story,
    acquired,
    allotted,
    cancelled,
    consolidated,
    counts_of,
    day,
    departed,
    died,
    exercised,
    given,
    inherited,
    issue,
    restructured,
    retraction,
    series_7,
    split,
    transferred,
    waived,
)

FREE = {"while_in_office": True, "transfer": "free"}


def busy() -> Story:
    """A ledger in which everything happens that can happen to a right."""
    story = given(
        *series_7(FREE), issue("8", conditions={"inheritance": None}), allotted(88), allotted(40, "director-2")
    )
    story.then(allotted(30, "director-3", series="8"), allotted(9, "director-1", series="8"))
    story.then(exercised("2018-01-01", 8), waived("2018-01-02", 2), transferred("2018-01-03", 5))
    story.then(transferred("2018-01-04", 4, holder="director-2"), split("2", "2018-01-31"), died("2018-02-01"))
    story.then(inherited("2018-02-03"), exercised("2018-02-04", 3, "heir-1", inherited_from="director-1"))
    story.then(died("2018-02-05", "buyer-1"), inherited("2018-02-06", "heir-2", "buyer-1"))
    story.then(departed("2018-02-07", "director-2"), consolidated("1/3", "2018-02-09"))
    story.then(acquired("2018-02-10", ["heir-2"], approved_on="2018-02-10"), cancelled("2018-02-10", 2))
    story.then(restructured("2018-02-12", "share-exchange", series_map={"7": "H"}))
    story.then(waived("2018-02-13", 1, "heir-1", series="H", inherited_from="director-1"))
    story.then(restructured("2018-02-25", successor="TOP", delivery=False))
    story.then(died("2018-02-26", "heir-1")).then(retraction(9))
    return story


def is_conserved(row: HoldingRow | SeriesRow) -> bool:
    came_in = row.allotted + row.received
    passed_on = row.passed_on if isinstance(row, HoldingRow) else 0
    went = row.outstanding + row.exercised + row.lapsed + row.waived + row.acquired + row.extinguished + row.replaced
    return came_in == went + passed_on


def test_for_every_holding_and_series_on_every_day_at_every_version() -> None:
    story = busy()
    for version in range(1, story.version + 1):
        for days in range(0, 800, 1 if version == story.version else 40):
            on = str(day("2017-07-01") + timedelta(days))
            rows = story.holdings(on, known_version=version)
            assert all(is_conserved(row) for row in rows), (on, version)
            for series in story.book.series(day(on), known_version=version):
                assert is_conserved(series), (on, version, series)
                assert series.allotted + series.received <= series.max_rights
                assert series.outstanding == sum(row.outstanding for row in rows if row.series == series.series)


@pytest.mark.parametrize(
    ("as_of", "series", "counts"),
    [
        ("2018-01-04", "7", {"allotted": 128, "exercised": 8, "outstanding": 120}),
        ("2018-02-10", "7", {"allotted": 128, "exercised": 11, "acquired": 9, "outstanding": 108}),
        ("2018-02-12", "7", {"allotted": 128, "exercised": 11, "acquired": 9, "replaced": 108}),
        ("2018-02-12", "H", {"received": 108, "outstanding": 108}),
        ("2018-02-17", "H", {"received": 108, "waived": 1, "outstanding": 107}),
        ("2018-02-18", "H", {"received": 108, "lapsed": 36, "waived": 1, "outstanding": 71}),
        ("2018-02-24", "8", {"allotted": 39, "lapsed": 9, "outstanding": 30}),
        ("2018-02-25", "8", {"allotted": 39, "lapsed": 9, "extinguished": 30}),
        ("2018-02-26", "H", {"received": 108, "lapsed": 107, "waived": 1}),
    ],
)
def test_where_the_rights_of_a_series_went(as_of: str, series: str, counts: dict[str, int]) -> None:
    """director-1: 88 − 8 − 5 passes 75 on, of which 3 are exercised; director-2: 40 − 4; both buys pass on 9 together.

    108 are replaced; director-2 left on 7 February, so that 36 of them lapse on the 18th. The waiver of 2 is retracted.
    """
    assert counts_of(busy().series(as_of, series)) == counts
