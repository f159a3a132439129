"""Characters that nobody sees never come out as they are, and no value makes a message endless."""

import pytest

from ledger.domain.characters import LONGEST_SHOWN, seen, shown
from ledger.domain.errors import LedgerError, MalformedError
from tests.domain.well_formed import plain


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("director-1", "director-1"),
        ("第7回 – é 👨", "第7回 – é 👨"),
        ("a\nb", r"a\u000ab"),
        ("a\x1b[2Jb", r"a\u001b[2Jb"),
        ("a\x7fb\x9b", r"a\u007fb\u009b"),
        ("é\u202eb", r"é\u202eb"),
        ("é\u2028\u2029\u200b\ufeff", r"é\u2028\u2029\u200b\ufeff"),
        ("\ud800", r"\ud800"),
        ("\U000e0001", r"\ue0001"),
    ],
    ids=plain,
)
def test_what_nobody_sees_is_escaped(text: str, told: str) -> None:
    assert seen(text) == told
    assert LedgerError("malformed", text).message == told


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("x", "x"),
        (7, "7"),
        ("x" * LONGEST_SHOWN, "x" * LONGEST_SHOWN),
        ("x" * (LONGEST_SHOWN + 1), "x" * LONGEST_SHOWN + "…"),
    ],
)
def test_a_long_value_is_cut(value: object, told: str) -> None:
    assert shown(value) == told


def test_an_error_shows_its_code_and_its_sentence_wherever_it_is_printed() -> None:
    error = MalformedError("malformed", "a\nb", line=3)
    assert str(error) == r"malformed: a\u000ab"
    assert repr(error) == r"MalformedError('malformed', 'a\nb')"
    assert (error.code, error.exit_code, error.line, error.contradicts) == ("malformed", 2, 3, None)
