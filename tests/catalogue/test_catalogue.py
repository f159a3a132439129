"""Every refusal, word for word: what was given, what was refused, the sentence and the exit code."""

import pytest

from ledger.domain.errors import PRECEDENCE, LedgerError
from tests.catalogue.reading import Case, cases, codes
from tests.scenario import Story

CASES = cases()


def test_every_code_has_a_file_and_every_file_a_code() -> None:
    assert codes() == sorted(PRECEDENCE)


def test_no_title_stands_twice() -> None:
    assert len({(case.code, case.title) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.code}: {case.title}" for case in CASES])
def test_the_sentence(case: Case) -> None:
    story = Story()
    # In turn, so that every line is a version and a batch of its own.
    for line in case.given:
        story.book.record([line], actor="tests")
    version = story.version
    with pytest.raises(LedgerError) as refused:
        story.book.record(case.refused, actor="tests", expect_version=case.expects)
    error = refused.value
    assert f"rights: {error.code}: {error.message}" == case.says
    assert (error.code, error.exit_code, error.line, error.contradicts) == (
        case.code,
        case.exit_code,
        case.line,
        case.contradicts,
    )
    assert story.version == version


@pytest.mark.parametrize("case", CASES, ids=[f"{case.code}: {case.title}" for case in CASES])
def test_the_sentence_is_one_line_of_plain_words(case: Case) -> None:
    assert "\n" not in case.says
    assert not {"None", "Fraction(", "datetime", "HoldingKey", "Struct", "frozenset"} & set(case.says.split())
