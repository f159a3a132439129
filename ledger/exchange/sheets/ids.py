"""Ids for rows that give none: the same fact has the same id, so that a file that is taken again records nothing twice.

An id is made of what the entry says, without its source and its note. However a row is written, and wherever it
stands, it says the same. Facts that stand in a file twice are counted: 10 rights exercised twice on one day are 20.
"""

from base64 import b32encode
from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from ledger.store.codec import canonical

PREFIX: Final = "sheet-"
LETTERS: Final = 22
"""Of base 32, hence 110 bits: no two facts of one ledger will ever share them."""

NOT_OF_THE_FACT: Final = frozenset({"id", "source", "note"})


def with_ids(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The entries, each with an id."""
    alike: defaultdict[str, list[int]] = defaultdict(list)
    for index, entry in enumerate(entries):
        if "id" not in entry:
            alike[_digest(entry)].append(index)
    found = [dict(entry) for entry in entries]
    for digest, indices in alike.items():
        # Not by their places: rows that only moved keep their ids.
        indices.sort(key=lambda index: (entries[index].get("source", ""), entries[index].get("note", "")))
        for number, index in enumerate(indices, start=1):
            found[index]["id"] = f"{PREFIX}{digest}" if number == 1 else f"{PREFIX}{digest}-{number}"
    return found


def is_made(entry: Mapping[str, Any]) -> bool:
    """Whether an entry's id was made here."""
    return str(entry.get("id", "")).startswith(PREFIX)


def fact_of(entry: Mapping[str, Any]) -> bytes:
    """What an entry says, without its id, its source and its note: the canonical bytes of its JSON value."""
    return canonical({field: value for field, value in entry.items() if field not in NOT_OF_THE_FACT})


def _digest(entry: Mapping[str, Any]) -> str:
    return b32encode(sha256(fact_of(entry)).digest()).decode().lower()[:LETTERS]
