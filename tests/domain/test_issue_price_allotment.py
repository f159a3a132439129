"""domain.md §5: a series is issued once, has one price, and is allotted whole, on its day, within its maximum."""

from decimal import Decimal

import pytest

from tests.scenario import (
    allotted,
    company,
    departed,
    died,
    exercised,
    given,
    issue,
    pricing,
    restructured,
    series_7,
    waived,
)


def test_a_series_is_issued_once() -> None:
    given(*series_7()).when(issue(on="2018-01-01")).refused_with("duplicate")
    given(*series_7()).when(issue(on="2017-01-01")).contradicts(2)


@pytest.mark.parametrize("on", ["1992-12-02", "1992-12-03"])
def test_a_series_is_issued_by_a_company_known_by_then(on: str) -> None:
    attempt = given(company()).when(issue(on=on))
    _ = attempt.recorded() if on == "1992-12-03" else attempt.refused_with("unknown-company")


def test_a_company_is_given_once() -> None:
    given(company()).when(company(on="2000-01-01")).refused_with("duplicate")


@pytest.mark.parametrize(
    ("per_share", "shares_per_right", "per_right"),
    [
        (2_113, 200, 422_600),
        ("126.28", 1, 127),
        ("126.28", 3, 379),
        ("126.28", 100, 12_628),
        ("0.005", 100, 1),
        (0, 200, 0),
    ],
)
def test_a_price_per_right_that_is_not_given_is_rounded_up(
    per_share: int | str, shares_per_right: int, per_right: int
) -> None:
    story = given(*series_7(shares_per_right=shares_per_right), pricing(per_share))
    row = story.series("2017-07-14")
    assert (row.price_per_share, row.price_per_right) == (Decimal(per_share), Decimal(per_right))


def test_a_price_per_right_that_is_given_stands() -> None:
    row = given(*series_7(), pricing(2_113, price_per_right="422599.5")).series("2017-07-14")
    assert (row.price_per_share, row.price_per_right) == (Decimal(2_113), Decimal("422599.5"))


def test_the_price_is_by_the_shares_per_right_of_the_terms_whatever_the_splits() -> None:
    story = given(*series_7(), pricing(2_113, on="2021-06-01"))
    story.then({"type": "split", "company": "IIJ", "ratio": "2", "record_date": "2020-12-31"})
    assert story.series("2021-06-01").price_per_right == 422_600


@pytest.mark.parametrize(("day", "price"), [("2017-07-13", None), ("2017-07-14", 380_000)])
def test_a_price_is_shown_from_its_day_on(day: str, price: int | None) -> None:
    assert given(*series_7(), pricing()).series(day).price_per_right == price


def test_a_series_has_one_price() -> None:
    given(*series_7(), pricing()).when(pricing(on="2018-01-01")).refused_with("duplicate")


def test_a_series_and_those_that_replace_it_have_one_price() -> None:
    story = given(*series_7(), allotted(), restructured("2019-06-03"))
    story.then(pricing(on="2018-01-01"))
    story.when(pricing(on="2020-01-01", series="7@HD")).refused_with("duplicate")
    assert story.series("2019-06-03", "7@HD").price_per_right == 380_000


def test_the_price_is_that_of_every_exercise_whatever_the_days() -> None:
    story = given(*series_7({"while_in_office": True}), allotted(), exercised("2018-01-01"), pricing(on="2020-01-01"))
    assert [row.capital + row.capital_reserve for row in story.exercises("2018-01-01")] == [380_200]


@pytest.mark.parametrize(("on", "code"), [("2017-06-27", "unknown-series"), ("2017-06-28", None)])
def test_a_series_is_priced_once_known(on: str, code: str | None) -> None:
    attempt = given(*series_7()).when(pricing(on=on))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


@pytest.mark.parametrize(("rights", "code"), [(77, None), (78, "over-maximum"), (0, "not-whole-rights"), (1, None)])
def test_the_rights_allotted_never_exceed_the_maximum(rights: int, code: str | None) -> None:
    attempt = given(*series_7(), allotted(168)).when(allotted(rights, "officer-1", position="executive-officer"))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


def test_rights_given_up_are_not_allotted_again() -> None:
    story = given(*series_7(allotment_date=None), allotted(245), waived("2018-01-01", 45))
    story.when(allotted(1, "director-2", on="2018-01-02")).refused_with("over-maximum")


@pytest.mark.parametrize(
    ("on", "code"),
    [("2017-07-13", "wrong-allotment-date"), ("2017-07-14", None), ("2017-07-15", "wrong-allotment-date")],
)
def test_an_allotment_has_the_day_of_the_terms(on: str, code: str | None) -> None:
    attempt = given(*series_7()).when(allotted(on=on))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


@pytest.mark.parametrize(("on", "code"), [("2017-06-27", "unknown-series"), ("2017-06-28", None), ("2030-01-01", None)])
def test_without_a_day_in_the_terms_any_day_from_the_issue_on_will_do(on: str, code: str | None) -> None:
    attempt = given(*series_7(allotment_date=None)).when(allotted(on=on))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


@pytest.mark.parametrize(
    ("positions", "position", "code"),
    [
        (None, "gardener", None),
        (["director"], "director", None),
        (["director"], "Director", "wrong-position"),
        (["director"], "executive-officer", "wrong-position"),
        (["director", "executive-officer"], "executive-officer", None),
    ],
)
def test_an_allotment_has_a_position_that_the_terms_name(
    positions: list[str] | None, position: str, code: str | None
) -> None:
    attempt = given(*series_7({"positions": positions})).when(allotted(position=position))
    _ = attempt.recorded() if code is None else attempt.refused_with(code)


def test_a_second_allotment_adds_to_the_first() -> None:
    story = given(*series_7(), allotted(24), allotted(6, position="executive-officer"))
    assert story.rights("2017-07-14") == {"allotted": 30, "outstanding": 30}
    assert story.window("2018-06-28") == "in-office"
    story.then(departed("2018-06-28", position="director"))
    assert story.window("2018-06-29") == "in-office"


@pytest.mark.parametrize(
    ("on", "left"),
    [("2018-07-08", {"allotted": 30, "outstanding": 30}), ("2018-07-09", {"allotted": 30, "lapsed": 30})],
)
def test_a_second_allotment_after_the_last_possible_day_lapses_the_same_day(on: str, left: dict[str, int]) -> None:
    """Lost on 28 June: the window is 29 June to 8 July."""
    story = given(*series_7(allotment_date=None), allotted(24), departed("2018-06-28"), allotted(6, on=on))
    assert story.rights(on) == left


@pytest.mark.parametrize(("on", "is_lapsed"), [("2047-07-14", False), ("2047-07-15", True)])
def test_a_first_allotment_after_the_period_lapses_the_same_day(on: str, *, is_lapsed: bool) -> None:
    story = given(*series_7(allotment_date=None), allotted(24, on=on))
    assert story.rights(on) == {"allotted": 24, ("lapsed" if is_lapsed else "outstanding"): 24}


def test_nothing_is_allotted_to_the_dead() -> None:
    story = given(*series_7(allotment_date=None), allotted(24), died("2018-06-28"))
    story.when(allotted(1, on="2018-06-29")).refused_with("already-deceased")
    story.when(allotted(1, on="2018-06-28")).recorded()
