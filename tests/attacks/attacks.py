"""The attacks on the past, by name: what is done, and whether it can be seen without anything from outside.

The ledger `iij` holds the 49 entries of the demo, each a batch of its own; a checkpoint was made of 30 and of 49.
Allotments of the 7th series are versions 23 to 40, exercises 42, 43 and 47, a departure 44.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from tests.attacks.forging import Owner, opened, renumbered, rewritten, sealed, with_entry


class Attack(NamedTuple):
    """One attack. is_seen_alone: whether `rights verify` sees it without a checkpoint."""

    act: Callable[[Owner], object]
    is_seen_alone: bool = True


def swapped_heads(owner: Owner) -> None:
    """Each of two ledgers gets the peaks of the other."""
    heads = owner.say("SELECT ledger_id, peaks FROM ledgers ORDER BY ledger_id")
    for (ledger, _), (_, peaks) in zip(heads, reversed(heads), strict=True):
        owner.say("UPDATE ledgers SET peaks = ? WHERE ledger_id = ?", peaks, ledger)


def swapped_rows(owner: Owner) -> None:
    """Each of two ledgers gets the entries and the head of the other, whose bytes name the other."""
    for was, becomes in (("iij", "between"), ("acme", "iij"), ("between", "acme")):
        owner.say("UPDATE entries SET ledger_id = ? WHERE ledger_id = ?", becomes, was)
        owner.say("UPDATE ledgers SET ledger_id = ? WHERE ledger_id = ?", becomes, was)


def swapped_ledgers(owner: Owner) -> None:
    """The same, and the bytes name the ledger that they are in."""
    iij, acme = owner.rows("iij"), owner.rows("acme")
    owner.put([rewritten(row, ledger="iij") for row in acme], "iij")
    owner.put([rewritten(row, ledger="acme") for row in iij], "acme")


def twice_a_key(owner: Owner) -> None:
    """Bytes that hold a key twice: one reader takes the first, another the last."""
    owner.change(42, lambda row: row._replace(bytes=row.bytes.replace(b'"rights":13', b'"rights":1,"rights":13')))


def without(version: int) -> Callable[[Owner], None]:
    """An entry is taken out, and those after it move up."""

    def act(owner: Owner) -> None:
        rows = owner.rows()
        owner.put(renumbered(rows[: version - 1] + rows[version:]))

    return act


def with_one_more(before: int, **fields: object) -> Callable[[Owner], None]:
    """An entry that never was is put in, and those after it move down."""

    def act(owner: Owner) -> None:
        rows = owner.rows()
        model = opened(rows[before - 1].bytes) | {"type": fields["type"], "effective_on": fields["on"], "entry": fields}
        model.pop("id", None)
        owner.put(renumbered([*rows[: before - 1], sealed(model), *rows[before - 1 :]]))

    return act


def exchanged(first: int, second: int) -> Callable[[Owner], None]:
    """Two entries change places."""

    def act(owner: Owner) -> None:
        rows = owner.rows()
        rows[first - 1], rows[second - 1] = rows[second - 1], rows[first - 1]
        owner.put(renumbered(rows))

    return act


def without_its_id(owner: Owner) -> None:
    """An entry loses the id that kept it from being recorded twice."""
    rows = owner.rows()
    envelope = opened(rows[41].bytes)
    del envelope["id"], envelope["entry"]["id"]
    rows[41] = sealed(envelope)
    owner.put(rows)


def past_the_head(owner: Owner) -> None:
    """An entry is added, and the head stays where it was."""
    rows = owner.rows()
    envelope = opened(rows[48].bytes) | {
        "version": 50,
        "batch": 50,
        "type": "appointment",
        "effective_on": "2026-06-25",
    }
    entry = {"type": "appointment", "holder": "nobody", "position": "director", "on": "2026-06-25"}
    del envelope["id"]
    owner.put([*rows, sealed(envelope | {"entry": entry})], moves_head=False)


def retracted(owner: Owner) -> None:
    """The last entry becomes the retraction of an exercise."""
    rows = owner.rows()
    envelope = opened(rows[48].bytes) | {"type": "retraction", "entry": {"type": "retraction", "retracts": 43}}
    del envelope["id"], envelope["effective_on"]
    owner.put([*rows[:48], sealed(envelope)])


ATTACKS: Final[dict[str, Attack]] = {
    # One entry, and nothing else.
    "a count in the bytes": Attack(
        lambda o: o.change(42, lambda r: r._replace(bytes=r.bytes.replace(b"13", b"12")), moves_head=False)
    ),
    "an entry, its columns too": Attack(lambda o: o.change(42, lambda r: with_entry(r, rights=12), moves_head=False)),
    "a space in the bytes": Attack(
        lambda o: o.change(42, lambda r: r._replace(bytes=r.bytes.replace(b":", b": ", 1)), moves_head=False)
    ),
    "bytes of another entry": Attack(lambda o: o.column("bytes", o.rows()[12].bytes)),
    "no bytes": Attack(lambda o: o.column("bytes", b"")),
    "the column actor": Attack(lambda o: o.column("actor", "somebody")),
    "the column recorded_at": Attack(lambda o: o.column("recorded_at", "2014-07-10T00:00:00.000000Z")),
    "the column effective_on": Attack(lambda o: o.column("effective_on", "2014-07-09")),
    "the column entry_id": Attack(lambda o: o.column("entry_id", "another")),
    "the column type": Attack(lambda o: o.column("type", "waiver")),
    "the column batch": Attack(lambda o: o.column("batch", 11)),
    # The bytes, the columns and the head, all in agreement.
    "an entry, and everything hashed anew": Attack(
        lambda o: o.change(42, lambda r: with_entry(r, rights=12)), is_seen_alone=False
    ),
    "an entry before the first checkpoint": Attack(
        lambda o: o.change(26, lambda r: with_entry(r, rights=1)), is_seen_alone=False
    ),
    "the actor of every entry": Attack(
        lambda o: o.put([rewritten(row, actor="the board") for row in o.rows()]), is_seen_alone=False
    ),
    "the instants of recording": Attack(
        lambda o: o.put([rewritten(row, recorded_at="2014-07-10T00:00:00.000000Z") for row in o.rows()]),
        is_seen_alone=False,
    ),
    "the day of a departure": Attack(
        lambda o: o.change(
            44, lambda r: rewritten(r, effective_on="2019-06-26", entry=opened(r.bytes)["entry"] | {"on": "2019-06-26"})
        ),
        is_seen_alone=False,
    ),
    "a source": Attack(lambda o: o.change(2, lambda r: with_entry(r, source="Minutes")), is_seen_alone=False),
    "an id is taken away": Attack(without_its_id, is_seen_alone=False),
    "an entry is taken out": Attack(without(43), is_seen_alone=False),
    "an entry is put in": Attack(
        with_one_more(41, type="exercise", series="7", holder="director-2", rights=1, on="2018-06-29"),
    ),
    "a lawful entry is put in": Attack(
        with_one_more(41, type="appointment", holder="nobody", position="auditor", on="2018-06-01"), is_seen_alone=False
    ),
    "two entries change places": Attack(exchanged(38, 39), is_seen_alone=False),
    "a retraction that never was": Attack(retracted, is_seen_alone=False),
    "an unlawful entry": Attack(lambda o: o.change(43, lambda r: with_entry(r, rights=999))),
    "a key twice": Attack(twice_a_key),
    "another format": Attack(lambda o: o.change(42, lambda r: rewritten(r, format=2))),
    "another schema version": Attack(lambda o: o.change(42, lambda r: rewritten(r, type_version=2))),
    "a fraction of a right": Attack(
        lambda o: o.change(42, lambda r: r._replace(bytes=r.bytes.replace(b'"rights":13', b'"rights":13.0')))
    ),
    # Whole parts of the log.
    "the tail is cut": Attack(lambda o: o.put(o.rows()[:44], moves_head=False)),
    "the tail is cut, the head with it": Attack(lambda o: o.put(o.rows()[:44]), is_seen_alone=False),
    "everything is gone": Attack(lambda o: o.put([]), is_seen_alone=False),
    "an entry is missing": Attack(lambda o: o.put([r for r in o.rows() if r.version != 20])),
    "the first entry is missing": Attack(lambda o: o.put(o.rows()[1:])),
    "an entry past the head": Attack(past_the_head),
    "the head's size": Attack(lambda o: o.say("UPDATE ledgers SET size = size + 1 WHERE ledger_id = 'iij'")),
    "the head's peaks": Attack(lambda o: o.say("UPDATE ledgers SET peaks = zeroblob(length(peaks))")),
    "two heads change places": Attack(swapped_heads),
    "two ledgers change places": Attack(swapped_rows),
    "two ledgers change places, their bytes too": Attack(swapped_ledgers, is_seen_alone=False),
    "a guard is taken away": Attack(lambda o: o.keep_no_guard("entries_never_updated")),
}
