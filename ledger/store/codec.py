"""Entries as bytes: the RFC 8785 canonical JSON of an envelope with the entry in it.

The bytes are what is kept, so that a hash over them can prove everything; every column beside them copies something
out of them. They hold integers, strings, booleans and nulls only, never a float.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from typing import Any, Final, TypeVar

import msgspec

from ledger.domain.entries import KINDS, AnyEntry, Recorded, is_fact
from ledger.domain.errors import DamagedError
from ledger.domain.wellformed import fraction_from
from ledger.store.log import Row

T = TypeVar("T")

FORMAT: Final = 1
"""Of the envelope."""

TYPE_VERSION: Final = 1
"""Schema version of every type of entry: none has had a second yet."""

READ_AT_ONCE: Final = 256
"""Entries. Each step is taken for all of them before the next: that is faster than all steps for one after another."""

_encode_sorted: Final = msgspec.json.Encoder(order="sorted").encode
_encode_typed: Final = msgspec.json.Encoder(order="sorted", enc_hook=str).encode
_encode_as_is: Final = msgspec.json.Encoder().encode
_decoder: Final = msgspec.json.Decoder(Recorded, dec_hook=fraction_from)
_decode, _decode_lines = _decoder.decode, _decoder.decode_lines
_written_day: Final = lru_cache(4_096)(date.isoformat)  # the same few days stand in many entries
_BEYOND_16_BITS: Final = re.compile(rb"[\xf0-\xff]").search


class Envelope(Recorded, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """An entry with all that is kept of it."""

    format: int
    ledger: str
    id: str | None = None
    type: str
    type_version: int
    effective_on: str | None = None

    def says(self, ledger: str) -> bool:
        """Whether it is one of this ledger as this program writes it, and repeats what the entry in it says."""
        entry = self.entry
        return _HEADER(self) == (FORMAT, TYPE_VERSION, ledger, _NAMES[type(entry)], entry.id, _day_of(entry))

    def columns(self) -> tuple[object, ...]:
        """Return the columns of the `Row` that keeps it, but for the bytes."""
        return _COLUMNS(self)

    def written(self) -> bytes:
        """Return what it is written as from what it means.

        The same bytes as those that it was read from: these are canonical, and say just this. Other bytes: the entry
        may have been given in another way, with a ratio of 4/2 for 2; then `sealed` decides.
        """
        encoded = _encode_typed(self)
        return b"" if _is_beyond_16_bits(encoded) else encoded

    def sealed(self, content: dict[str, Any]) -> bytes:
        """Return what it is written as with the entry as it was given."""
        said = seal(
            self.ledger,
            content,
            self.entry,
            version=self.version,
            batch=self.batch,
            recorded_at=self.recorded_at,
            actor=self.actor,
        )
        return said.bytes


_HEADER: Final = attrgetter("format", "type_version", "ledger", "type", "id", "effective_on")
_COLUMNS: Final[Callable[[Envelope], tuple[object, ...]]] = attrgetter(
    "version", "batch", "id", "type", "type_version", "effective_on", "recorded_at", "actor"
)
_NAMES: Final = {kind: name for name, kind in KINDS.items()}


class _Inside(msgspec.Struct):
    entry: msgspec.Raw


class _Columns(msgspec.Struct):
    version: int
    batch: int
    type: str
    type_version: int
    recorded_at: str
    actor: str
    id: str | None = None
    effective_on: str | None = None


_decode_envelope: Final = msgspec.json.Decoder(Envelope, dec_hook=fraction_from).decode
_decode_inside: Final = msgspec.json.Decoder(_Inside).decode
_decode_columns: Final = msgspec.json.Decoder(_Columns).decode


def canonical(value: object) -> bytes:
    """RFC 8785 bytes of a JSON value of integers below 2⁵³, strings, booleans, nulls, lists and dicts.

    Keys are sorted by their UTF-16 code units (RFC 8785, 3.2.3).
    """
    encoded = _encode_sorted(value)
    # In UTF-8 they are in the same order, unless there are characters beyond 16 bits: only then the slow way.
    return _encode_as_is(_sorted_by_utf16(value)) if _is_beyond_16_bits(encoded) else encoded


def canonical_of_plain(entry: AnyEntry) -> bytes:
    """The same of an entry that was given as it is written: of a kind without ratios, and without keys of the giver's.

    Every key is of ASCII, and the strings are written as they are.
    """
    return _encode_typed(entry)


def _is_beyond_16_bits(encoded: bytes) -> bool:
    return not encoded.isascii() and _BEYOND_16_BITS(encoded) is not None


def _sorted_by_utf16(value: object) -> object:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return {key: _sorted_by_utf16(value[key]) for key in keys}
    return [_sorted_by_utf16(each) for each in value] if isinstance(value, list | tuple) else value


def seal(
    ledger: str, content: dict[str, Any], entry: AnyEntry, *, version: int, batch: int, recorded_at: str, actor: str
) -> Row:
    """The row that keeps an entry.

    content: the entry's JSON value, kept as it was given. entry: the same, typed.
    """
    kind: str = content["type"]
    envelope: dict[str, Any] = {
        "format": FORMAT,
        "ledger": ledger,
        "version": version,
        "batch": batch,
        "type": kind,
        "type_version": TYPE_VERSION,
        "recorded_at": recorded_at,
        "actor": actor,
        "entry": content,
    }
    day = _day_of(entry)
    if day is not None:
        envelope["effective_on"] = day
    if entry.id is not None:
        envelope["id"] = entry.id
    return Row(version, batch, entry.id, kind, TYPE_VERSION, day, recorded_at, actor, canonical(envelope))


class Sealer:
    """Seals the entries of one recording as `seal` does, and encodes none of them anew."""

    def __init__(self, ledger: str, *, recorded_at: str, actor: str) -> None:
        self._recorded_at = recorded_at
        self._actor = actor
        self._said_actor = _encode_as_is(actor)
        self._said = b'"ledger":%b,"recorded_at":%b' % (_encode_as_is(ledger), _encode_as_is(recorded_at))

    def row(self, entry: AnyEntry, content: bytes, version: int, batch: int) -> Row:
        """Return the row that keeps an entry. content: its canonical bytes."""
        day, name = _day_of(entry), _NAMES[type(entry)]
        # The keys of the envelope in their order.
        effective_on = b"" if day is None else b'"effective_on":"%b",' % day.encode()
        own_id = b"" if entry.id is None else b'"id":%b,' % _encode_as_is(entry.id)
        stored = b'{"actor":%b,"batch":%d,%b"entry":%b,"format":%d,%b%b,"type":"%b","type_version":%d,"version":%d}' % (
            *(self._said_actor, batch, effective_on, content, FORMAT, own_id),
            *(self._said, name.encode(), TYPE_VERSION, version),
        )
        return Row(version, batch, entry.id, name, TYPE_VERSION, day, self._recorded_at, self._actor, stored)


def _day_of(entry: AnyEntry) -> str | None:
    """The day on which a fact takes effect, as it is written; a retraction has none."""
    return _written_day(entry.on) if is_fact(entry) else None


def opened(stored: Iterable[bytes]) -> Iterator[tuple[bytes, Recorded]]:
    """Read stored bytes back as entries, each with its bytes.

    Raises `DamagedError` where bytes are not what this package writes.
    """
    stored = iter(stored)
    while part := list(islice(stored, READ_AT_ONCE)):
        yield from zip(part, all_recorded_from(part), strict=True)


def all_recorded_from(stored: Sequence[bytes]) -> list[Recorded]:
    """Read the stored bytes of several entries back, which is faster than one by one.

    Raises `DamagedError` as `opened` does, for the first that is none.
    """
    try:
        lines = b"\n".join(stored)
        # Each is a line and begins an object: as many objects as lines are one in each.
        ends = len(stored) - 1
        if lines.startswith(b"{") and (lines.count(b"\n"), lines.count(b"\n{")) == (ends, ends):
            read = _decode_lines(lines)
            if len(read) == len(stored):
                return read
    except (TypeError, msgspec.MsgspecError, ValueError, RecursionError):
        pass
    return [recorded_from(content) for content in stored]


def recorded_from(stored: bytes) -> Recorded:
    """Read the stored bytes of one entry back. Raises `DamagedError` as `opened` does."""
    return _read_back(_decode, stored)


def envelope_from(stored: bytes) -> Envelope:
    """Read the same bytes back with all that is in them. Raises `DamagedError` as `opened` does."""
    return _read_back(_decode_envelope, stored)


def _read_back(decode: Callable[[bytes], T], stored: bytes) -> T:
    if type(stored) is not bytes:  # in a corrupt file of SQLite anything may stand there
        raise DamagedError("damaged", f"what is stored is a {type(stored).__name__}, not the bytes of an entry")
    try:
        return decode(stored)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _no_entry(stored, error) from error


def row_from(stored: bytes) -> Row:
    """The row that keeps stored bytes: every column as they say it. Raises `DamagedError` as `opened` does."""
    try:
        found = _decode_columns(stored)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _no_entry(stored, error) from error
    return Row(
        version=found.version,
        batch=found.batch,
        entry_id=found.id,
        type=found.type,
        type_version=found.type_version,
        effective_on=found.effective_on,
        recorded_at=found.recorded_at,
        actor=found.actor,
        bytes=stored,
    )


def _no_entry(stored: bytes, error: Exception) -> DamagedError:
    shown = stored[:80].decode(errors="replace")
    return DamagedError("damaged", f"stored bytes are no entry of this ledger: {error}: {shown}…")


def content_of(stored: bytes) -> bytes:
    """Canonical bytes of the entry inside stored bytes, as it was given."""
    return bytes(_decode_inside(stored).entry)


def json_of(stored: bytes) -> dict[str, Any]:
    """JSON value of the entry inside stored bytes, as it was given."""
    content: dict[str, Any] = msgspec.json.decode(content_of(stored))
    return content
