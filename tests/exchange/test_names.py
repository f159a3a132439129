"""Names that are alike, by what: spaces, widths, kana, forms of characters; and names that are not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.exchange.registers.names import VARIANTS, joined, likeness, passed_over


@pytest.mark.parametrize(("one", "other", "by"), [
    ("髙橋　一郎", "高橋一郎", ("spaces", "髙 = 高")),
    ("高橋\u00a0一郎", "高橋 一郎", ("full width and half width", "spaces")),
    ("ﾀｶﾊｼ ｲﾁﾛｳ", "タカハシ イチロウ", ("full width and half width",)),
    ("ｶﾞｯｺｳ", "ガッコウ", ("full width and half width",)),
    ("ＴＡＲＯ　Ｋｏｎｏ", "Taro KONO", ("full width and half width", "capital and small letters")),
    ("ジョン・スミス", "ジョンスミス", ("middle dots",)),
    ("ｼﾞｮﾝ･ｽﾐｽ", "ジョン・スミス", ("full width and half width",)),
    ("シーナ", "シ−ナ", ("hyphens and long vowels",)),
    ("サトー", "サト―", ("hyphens and long vowels",)),
    ("山﨑花子", "山崎花子", ("﨑 = 崎",)),
    ("渡邉", "渡邊", ("邉 = 辺", "邊 = 辺")),
    ("齋藤", "斉藤", ("齋 = 斎", "斉 = 斎")),
    ("𠮷田德子様", "吉田徳子", ("the form of address", "𠮷 = 吉", "德 = 徳")), ("﨑", "崎", ("﨑 = 崎",)),
    ("葛\U000e0101城", "葛城", ("marks that nobody sees",)),
    ("\u202e高橋\ufe00", "高橋", ("marks that nobody sees",)),
    ("神\uFA19田", "神神田", ("codes of one character",)),
    ("濵\uFA11", "浜崎", ("濵 = 浜", "﨑 = 崎")),
])  # fmt: skip
def test_names_that_are_alike(one: str, other: str, by: tuple[str, ...]) -> None:
    assert likeness(one).key == likeness(other).key
    assert passed_over(one, other) == by
    assert {*passed_over(other, one)} == {*by}


@pytest.mark.parametrize(("one", "other"), [
    ("キヤノン", "キャノン"), ("みどり", "ミドリ"), ("高橋一郎", "高橋二郎"), ("一郎", "ー郎"), ("日高", "日髙子"),
    ("様", ""), ("太田", "大田"), ("director-1", "director-11"), ("ハ", "八"), ("二", "ニ"), ("ローラ", "ロラ"),
])  # fmt: skip
def test_names_that_are_not_alike(one: str, other: str) -> None:
    assert likeness(one).key != likeness(other).key


@pytest.mark.parametrize(("one", "other", "by"), [
    ("A B C", "AB C", ("spaces",)), ("髙橋", "髙橋", ()), ("髙 橋", "髙橋", ("spaces",)),
    ("齋藤", "齋藤様", ("the form of address",)),
])  # fmt: skip
def test_what_both_have_in_common_is_not_told(one: str, other: str, by: tuple[str, ...]) -> None:
    assert passed_over(one, other) == by


def test_what_is_plain_keeps_the_forms_of_characters() -> None:
    assert likeness("髙橋　一郎").plain == "髙橋一郎"
    assert likeness("高橋 一郎").plain == "高橋一郎"


def test_several_are_said_as_one() -> None:
    assert joined(passed_over("Ａ　Ｋ", "ak")) == "full width and half width, capital and small letters, spaces"


def test_every_character_has_one_common_form() -> None:
    characters = [each for group in VARIANTS.split() for each in group]
    assert len(characters) == len({*characters})
    assert all(len(group) > 1 for group in VARIANTS.split())
    assert [each for each in characters if unicodedata.normalize("NFKC", each) != each] == []


@pytest.mark.parametrize("group", VARIANTS.split())
def test_the_forms_of_a_group_are_alike(group: str) -> None:
    assert {likeness(each).key for each in group} == {group[0]}


@given(st.text(max_size=40))
def test_what_names_have_in_common_has_none_of_what_is_passed_over(name: str) -> None:
    key = likeness(name).key
    assert {*key} & {*"・ｶ　髙﨑A"} == set()


@given(st.text(st.characters(exclude_categories=("Cs", "Cf")), max_size=40), st.sampled_from(" \u3000\u00a0\t"))
def test_spaces_between_the_characters_do_not_matter(name: str, space: str) -> None:
    composed = unicodedata.normalize("NFKC", name)
    key = likeness(composed).key
    assert likeness(space + composed + space).key == key


@given(
    st.text("髙高 　Aａa・･ｶカー-様\ufe00﨑崎\ufa19神", max_size=6),
    st.text("髙高 　Aａa・･ｶカー-様\ufe00﨑崎\ufa19神", max_size=6),
)
def test_names_that_are_alike_and_not_the_same_differ_by_something(one: str, other: str) -> None:
    if likeness(one).key == likeness(other).key:
        assert bool(passed_over(one, other)) == (one != other)
