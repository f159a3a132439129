"""Japanese: the catalogue is whole, nothing that a person reads is left in English, and programs read the same."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Formatter

import pytest

import ledger
from ledger.domain.entries import KINDS
from ledger.reports.language import spoken, text
from tests.cli.terminal import Rights
from tests.reports.catalogue import WRITTEN, Missing, compiled, translations

SOURCES = sorted(Path(ledger.__file__).parent.rglob("*.py"))
REASONS = ("in office", "awaiting heir", "not yet open")


def said_in(path: Path) -> Iterator[str]:
    """Messages that a file says by `text`, or a rule by `said`, as far as they stand there."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="text" | "said"), args=[ast.Constant(value=str(message)), *_]):
                yield message
            case _:
                pass


def places(message: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(message) if name}


def test_what_the_program_reads_is_what_the_translator_wrote() -> None:
    assert WRITTEN.with_suffix(".mo").read_bytes() == compiled(), "`make catalogue` compiles it"


def test_every_message_of_the_source_is_translated() -> None:
    said = {message for path in SOURCES for message in said_in(path)}
    assert len(said) > 20
    assert said <= set(translations())


def test_nothing_is_nothing_in_every_language() -> None:
    """A catalogue gives its own heading for it."""
    with spoken("ja"):
        assert text("") == ""


def test_kinds_of_entries_and_reasons_are_translated() -> None:
    assert {*KINDS, *REASONS} <= set(translations())


@pytest.mark.parametrize("message", sorted(translations()), ids=str)
def test_a_translation_has_the_same_places(message: str) -> None:
    said = translations()[message]
    assert places(said) == places(message)
    assert said
    assert "  " not in said


QUESTIONS = (
    *(("holdings", "--as-of", day) for day in ("2014-07-10", "2018-07-02", "2022-10-01", "2047-07-15")),
    *(("series", "--as-of", day) for day in ("2014-07-10", "2022-10-01")),
    *(("eligibility", "--on", day) for day in ("2014-07-10", "2018-07-02", "2020-09-01")),
    ("exercises",), ("exercises", "--as-of", "2001-01-01"), ("history",), ("deadlines", "--on", "2018-06-30"),
)  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_nothing_is_left_in_english(demo_ledger: Rights, missing: Missing, question: Sequence[str]) -> None:
    why = () if question[0] == "history" else ("--why",)
    told = demo_ledger(*question, "--lang", "ja", *why)
    assert told.code == 0
    assert not missing.asked


ABOUT_PEOPLE = (
    ("register", "--as-of", "2018-06-29", "--why"), ("register", "--as-of", "2020-09-01", "--by", "holder"),
    ("extract", "--holder", "heir-1", "--as-of", "2020-09-01"), ("extract", "--holder", "officer-10"),
    ("people", "show"), ("people", "log"), ("report", "--html", "page.html"),
)  # fmt: skip


@pytest.mark.parametrize("question", ABOUT_PEOPLE, ids=" ".join)
def test_nothing_about_people_is_left_in_english(
    demo_ledger: Rights, missing: Missing, question: Sequence[str]
) -> None:
    demo_ledger("people", "set", "director-1", "--kanji", "甲野太郎", "--kana", "コウノ", "--born", "1960-01-01")
    demo_ledger("people", "set", "director-2", "--roman", "B. Otsuno", "--address", "東京都")
    demo_ledger("people", "forget", "director-2", "--reason", "asked for it")
    assert demo_ledger(*question, "--lang", "ja").code == 0
    assert not missing.asked


def test_a_table_in_japanese(demo_ledger: Rights) -> None:
    told = demo_ledger("exercises", "--series", "7", "--as-of", "2026-11-22", "--lang", "ja")
    answer = demo_ledger("exercises", "--series", "7", "--as-of", "2026-11-22", "--json").json
    assert told.out == (
        "行使（2026年11月22日現在）・台帳「iij」第49版\n"
        "版  回号  保有者      効力発生日    個数   株数  行使時払込額  増加資本金  増加資本準備金\n"
        "──  ────  ──────────  ────────────  ────  ─────  ────────────  ──────────  ──────────────\n"
        "43  7     director-2  2018年7月8日    24  4,800       4,800円     2,400円         2,400円\n"
        f"\n全49件、ルート {answer['root']}\n"
        f"30日を超えて遅れた記録：{answer['backdated']}件（rights history --backdated）\n"
    )


def test_the_language_may_be_a_setting(demo_ledger: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("holdings", "--as-of", "2018-07-02")
    japanese, english = demo_ledger(*asked, "--lang", "ja"), demo_ledger(*asked)
    monkeypatch.setenv("RIGHTS_LANG", "ja")
    assert demo_ledger(*asked) == japanese
    assert demo_ledger(*asked, "--lang", "en") == english


@pytest.mark.parametrize("form", ["--json", "--csv"])
def test_programs_read_the_same_in_every_language(demo_ledger: Rights, form: str) -> None:
    asked = ("eligibility", "--on", "2018-07-02", form)
    assert demo_ledger(*asked, "--lang", "ja") == demo_ledger(*asked)


def test_another_language(demo_ledger: Rights) -> None:
    told = demo_ledger("holdings", "--lang", "fr")
    assert told.code == 2
    assert re.search("'fr' is not one of 'en', 'ja'", told.err)
