"""Items 9 and 11(3): rights that wait for an heir when they are replaced go on waiting, to the end of the period."""

from datetime import date

import pytest

from tests.scenario import allotted, departed, died, given, inherited, restructured, series_7

# The window after the departure of 28 June 2018 is 29 June to 8 July; the company is restructured long after it.
RESTRUCTURED_ON = "2019-06-03"


@pytest.mark.parametrize("died_on", ["2018-06-28", "2018-06-29", "2018-07-08"])
def test_death_on_l_or_inside_the_window_waits_in_the_successors_series_too(died_on: str) -> None:
    story = given(*series_7(), allotted(), departed("2018-06-28"), died(died_on), restructured(RESTRUCTURED_ON))
    (row,) = story.book.eligibility(date(2019, 6, 3), series="7@HD")
    assert (row.rights, row.reason) == (24, "awaiting-heir")
    (last,) = story.book.holdings(date(2047, 7, 14), series="7@HD")
    (after,) = story.book.holdings(date(2047, 7, 15), series="7@HD")
    assert [(each.outstanding, each.lapsed) for each in (last, after)] == [(24, 0), (0, 24)]
    story.then(inherited("2019-06-10"))
    (row,) = story.book.eligibility(date(2019, 6, 10), series="7@HD")
    assert (row.holder, row.eligible, row.from_, row.until) == ("heir-1", True, date(2019, 6, 10), date(2019, 12, 10))


def test_death_after_the_window_leaves_nothing_to_replace() -> None:
    story = given(*series_7(), allotted(), departed("2018-06-28"), died("2018-07-09"), restructured(RESTRUCTURED_ON))
    assert [row.series for row in story.book.holdings(date(2019, 6, 3))] == ["7"]
