"""Entries as bytes: the RFC 8785 canonical JSON of an envelope with the entry in it.

The bytes are what is kept, so that a hash over them can prove everything; every column beside them copies something
out of them. They hold integers, strings, booleans and nulls only, never a float.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from ledger.domain.entries import AnyEntry, Recorded, Retraction
from ledger.domain.errors import DamagedError
from ledger.domain.timeline import effective_on
from ledger.domain.wellformed import fraction_from
from ledger.store.log import Row

FORMAT: Final = 1
"""Of the envelope."""

TYPE_VERSION: Final = 1
"""Schema version of every type of entry: none has had a second yet."""

_encode_sorted: Final = msgspec.json.Encoder(order="sorted").encode
_encode_as_is: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Recorded, dec_hook=fraction_from).decode


class _Envelope(msgspec.Struct):
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


_decode_envelope: Final = msgspec.json.Decoder(_Envelope).decode
_decode_columns: Final = msgspec.json.Decoder(_Columns).decode


def canonical(value: object) -> bytes:
    """RFC 8785 bytes of a JSON value of integers below 2⁵³, strings, booleans, nulls, lists and dicts.

    Keys are sorted by their UTF-16 code units (RFC 8785, 3.2.3).
    """
    encoded = _encode_sorted(value)
    # Keys within ASCII sort alike by UTF-8 bytes and by UTF-16 code units; only others may need the slow way.
    return encoded if encoded.isascii() else _encode_as_is(_sorted_by_utf16(value))


def _sorted_by_utf16(value: object) -> object:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return {key: _sorted_by_utf16(value[key]) for key in keys}
    return [_sorted_by_utf16(each) for each in value] if isinstance(value, list | tuple) else value


def seal(
    ledger: str, content: dict[str, Any], entry: AnyEntry, *, version: int, batch: int, recorded_at: str, actor: str
) -> Row:
    """The row that keeps an entry, as `sealed` does."""
    return Row._make(sealed(ledger, content, entry, version=version, batch=batch, recorded_at=recorded_at, actor=actor))


def sealed(
    ledger: str, content: dict[str, Any], entry: AnyEntry, *, version: int, batch: int, recorded_at: str, actor: str
) -> tuple[object, ...]:
    """The columns of the row that keeps an entry.

    content: the entry's JSON value, kept as it was given. entry: the same, typed.
    """
    on = None if isinstance(entry, Retraction) else effective_on(entry)
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
    if on is not None:
        envelope["effective_on"] = on.isoformat()
    if entry.id is not None:
        envelope["id"] = entry.id
    day = envelope.get("effective_on")
    return version, batch, entry.id, kind, TYPE_VERSION, day, recorded_at, actor, canonical(envelope)


def opened(stored: Iterable[bytes]) -> Iterator[tuple[bytes, Recorded]]:
    """Read stored bytes back as entries, each with its bytes.

    Raises `DamagedError` where bytes are not what this package writes.
    """
    for content in stored:
        yield content, recorded_from(content)


def recorded_from(stored: bytes) -> Recorded:
    """Read the stored bytes of one entry back. Raises `DamagedError` as `opened` does."""
    if type(stored) is not bytes:  # in a corrupt file of SQLite anything may stand there
        raise DamagedError("damaged", f"what is stored is a {type(stored).__name__}, not the bytes of an entry")
    try:
        return _decode(stored)
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
    return bytes(_decode_envelope(stored).entry)


def json_of(stored: bytes) -> dict[str, Any]:
    """JSON value of the entry inside stored bytes, as it was given."""
    content: dict[str, Any] = msgspec.json.decode(content_of(stored))
    return content
