"""Edges of the form of entries that the usual ones do not come to."""

import pytest

from ledger.domain.errors import MalformedError
from ledger.domain.wellformed import check_instant, entry_from, entry_from_line
from tests.scenario import split


def test_an_id_is_as_long_as_that_in_every_kind() -> None:
    assert entry_from({**split("2", "2019-05-31"), "id": "x" * 64}).id == "x" * 64
    with pytest.raises(MalformedError, match="`id` has 65 characters; at most 64 are allowed"):
        entry_from({**split("2", "2019-05-31"), "id": "x" * 65})


def test_a_type_that_is_no_text() -> None:
    with pytest.raises(MalformedError) as failure:
        entry_from({"type": 7})
    assert failure.value.message == "`type` is not a string"


@pytest.mark.parametrize(
    "text", ["2026-11-22 00:12:31.123456Z", "2026-11-22T00:12:31Z", "yesterday", "2026-11-22T00:12:31.123456+00:00"]
)
def test_an_instant_is_written_in_one_way(text: str) -> None:
    check_instant("2026-11-22T00:12:31.123456Z")
    with pytest.raises(MalformedError) as failure:
        check_instant(text)
    assert failure.value.message == (f"it was recorded at {text}, which is no instant YYYY-MM-DDTHH:MM:SS.ffffffZ")


def test_the_key_that_stands_there_twice_is_named() -> None:
    with pytest.raises(MalformedError) as failure:
        entry_from_line(b'{"type":"death","holder":"a","on":"2019-05-31","holder":"b"}')
    assert failure.value.message == "the key `holder` stands there twice"
