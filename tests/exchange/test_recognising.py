"""Which series and whom a register means."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.exchange.registers.names import VARIANTS, likeness
from ledger.exchange.registers.recognising import Holders, SeriesNames, ordinal
from ledger.people import Person

NAMES = {
    "7": "Stock Acquisition Rights of July 2017",
    "2014": "第14回新株予約権",
    "7@HD": "7th series",
    "B": "第9回",
    "C": "第９回",
}


@pytest.mark.parametrize(("written", "ids", "says"), [
    ("7", ("7",), None),
    ("７", ("7",), "７ was taken for series 7"),
    ("第7回", ("7",), "第7回 was taken for series 7"),
    ("第七回新株予約権", ("7",), "第七回新株予約権 was taken for series 7"),
    ("7th Series", ("7@HD",), "7th Series was taken for series 7@HD"),
    ("7@hd", ("7@HD",), "7@hd was taken for series 7@HD"),
    ("stock acquisition rights of july 2017", ("7",), "stock acquisition rights of july 2017 was taken for series 7"),
    ("第14回", ("2014",), "第14回 was taken for series 2014"),
    ("第１４回新株予約権", ("2014",), "第１４回新株予約権 was taken for series 2014"),
    ("第9回", ("B",), "第9回 was taken for series B"),
    ("第九回", ("B", "C"), None),
    ("第8回", (), None), ("", (), None), ("回", (), None),
])  # fmt: skip
def test_which_series_is_meant(written: str, ids: tuple[str, ...], says: str | None) -> None:
    assert SeriesNames(NAMES).of(written) == (ids, says)


@pytest.mark.parametrize(("written", "number"), [
    ("第7回", "7"), ("第 ７ 回", "7"), ("007", "7"), ("第0回", "0"), ("第十回", "10"), ("第十二回", "12"),
    ("第二十回", "20"),
    ("第二十一回新株予約権", "21"), ("第百二回", "102"), ("第二〇回", "20"), ("1st series", "1"), ("Series 7", "7"),
    ("第回", None), ("第十十回", None), ("7回8", None), ("series", None), ("director-1", None), ("百〇", None),
])  # fmt: skip
def test_the_number_of_an_issue(written: str, number: str | None) -> None:
    assert ordinal(written) == number


FORMS = {each: group for group in VARIANTS.split() for each in group}
names = st.lists(
    st.text([*"高橋一郎斎藤山崎花子渡辺浜田徳ー・ｱｲアイTaro", "\u3000", " "], min_size=1, max_size=5),
    min_size=1,
    max_size=6,
)


def person(number: int, kanji: str) -> Person:
    return Person(f"holder-{number}", kanji, None, None, None, None, None, None)


def disguised(name: str, dice: Random) -> str:
    """A name with other forms of its characters, and with spaces."""
    return "".join(dice.choice(FORMS.get(each, each)) + dice.choice(["", "", " ", "\u3000"]) for each in name)


@given(names, st.integers(0, 2**32 - 1).map(Random))
def test_a_name_in_disguise_means_all_who_are_alike_and_nobody_else(names: list[str], dice: Random) -> None:
    holders = Holders([], [person(number, name) for number, name in enumerate(names)])
    name = dice.choice(names)
    written = disguised(name, dice)
    exact = {f"holder-{number}" for number, each in enumerate(names) if each == written}
    alike = {f"holder-{number}" for number, each in enumerate(names) if likeness(each).key == likeness(name).key}
    found = holders.by_name(written)
    assert {*found.ids} == (exact or alike if likeness(name).key or exact else set())
    assert found.ids == tuple(sorted(found.ids))
    assert (found.because is None) == (len(found.ids) != 1 or (written in names and alike == exact))
