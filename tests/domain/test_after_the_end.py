"""Nothing is done by a company that a merger dissolved, and nothing with what nobody knows by then: in these words."""

import pytest

from tests.scenario import (
    Given,
    acquired,
    allotted,
    appointed,
    consolidated,
    departed,
    exercised,
    given,
    inherited,
    pricing,
    restructured,
    series_7,
    split,
    transferred,
)

MERGED = "2019-06-03"
AFTER = "2019-07-01"
DISSOLVED = f"it was dissolved by the merger of {MERGED} (version 3; domain.md 3)"
OF_DISSOLVED = f"its company IIJ was dissolved by the merger of {MERGED} (version 3; domain.md 3)"


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (split("2", "2019-06-30"), f"company IIJ cannot split its shares on {AFTER}: {DISSOLVED}"),
        (consolidated("1/2", AFTER), f"company IIJ cannot consolidate its shares on {AFTER}: {DISSOLVED}"),
        (
            restructured(AFTER, successor=None, delivery=False),
            f"company IIJ cannot be restructured on {AFTER}: {DISSOLVED}",
        ),
        (acquired(AFTER), f"series 7 cannot be acquired on {AFTER}: {OF_DISSOLVED}"),
        (allotted(on=AFTER), f"series 7 cannot be allotted on {AFTER}: {OF_DISSOLVED}"),
    ],
    ids=lambda each: each["type"] if isinstance(each, dict) else "",
)
def test_a_dissolved_company_does_nothing(entry: Given, says: str) -> None:
    story = given(*series_7(), restructured(MERGED))
    assert story.when(entry).refused_with("unknown-company").message == says


@pytest.mark.parametrize(
    ("entry", "code", "says"),
    [
        (inherited(AFTER, series="9"), "unknown-series", f"series 9 is not known on {AFTER}"),
        (inherited(AFTER, holder="somebody"), "unknown-holder", f"somebody is not known on {AFTER}"),
        (exercised(AFTER, holder="somebody"), "unknown-holder", f"somebody is not known on {AFTER}"),
        (transferred(AFTER, 0), "not-whole-rights", f"director-1 cannot transfer 0 rights of series 7 on {AFTER}:"),
    ],
    ids=["inherited-series", "inherited-holder", "exercised", "transferred"],
)
def test_who_and_when_are_told(entry: Given, code: str, says: str) -> None:
    story = given(*series_7(), pricing(), allotted())
    assert story.when(entry).refused_with(code).message.startswith(says)


@pytest.mark.parametrize(("more", "name"), [({}, "HD"), ({"successor_name": "Holdings"}, "Holdings")])
def test_a_successor_nobody_knew_has_the_name_that_is_given(more: Given, name: str) -> None:
    story = given(*series_7(), pricing(), allotted(), restructured(MERGED, **more))
    assert story.book.history().known_version == 5
    assert story.series("2019-06-03", "7@HD").company == "HD"
    history = story.book._reading.history()
    assert history.state.companies["HD"].name == name


ANY = {"departure": "any"}


def test_who_lost_an_office_that_day_has_lost_it_for_what_is_allotted_that_day() -> None:
    """Terms of `any`: the day ends without a position that it began with (item 11(2)): ten days from the 15th."""
    story = given(
        *series_7(ANY | {"positions": None}),
        appointed("2017-01-01", "director"),
        appointed("2017-01-01", "auditor"),
        departed("2017-07-14", position="auditor"),
        allotted(on="2017-07-14"),
    )
    assert story.window("2017-07-15") == ("open", "2017-07-15", "2017-07-24")


def test_who_keeps_his_offices_has_lost_none_by_an_allotment() -> None:
    story = given(
        *series_7(ANY | {"positions": None}),
        appointed("2017-01-01", "director"),
        appointed("2017-01-01", "auditor"),
        departed("2017-07-13", position="auditor"),
        allotted(on="2017-07-14"),
    )
    assert story.window("2017-07-15") == "in-office"
