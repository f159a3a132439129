"""Changes that keep an input nearly right, so that it comes further than its first byte: one change a call, by dice."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from random import Random
from typing import Any, Final

import click

from ledger.domain.errors import LedgerError
from ledger.proof.receipt import Receipt
from ledger.proof.tree import leaf_hash, root_by_inclusion
from tests.fuzz.seeds import commands, examples, lines

Mutation = Callable[[bytes, Random], bytes]

ODD: Final[tuple[Any, ...]] = (
    None, True, False, 0, 1, -1, 2**53 - 1, 2**53, -(2**53), 10**400,
    "", " ", "0", "1", "-1", "1.5", "1e3", "2/1", "1/0",
    "2018-02-29", "1868-01-01", "2999-12-31", "3000-01-01", "0000-00-00",
    "x" * 201, "a\u0000", "e\u0301", "\u202e", "👨", "\ufeff",
    "7", "8", "7@B", "director-1", "officer-1", "heir-1", "nobody", "IIJ", "B", "merger", "free",
    [], {}, [[]], [None],
    ["director-1", "director-1"], {"": ""}, {"days": 0}, {"months": 12_000}, {"a": {"a": {"a": 1}}},
)  # fmt: skip
"""Values that are at a limit, beyond it, or of another type; and ids of the opening."""

WORDS: Final = (
    "", "-", "--", "---", "-h", "--help", "--json", "--csv", "--why", "--dry-run", "--keep-going",
    "0", "-1", "1", "17", "18", "9007199254740992", "1" * 400, "1e3", "NaN", "2/3", "1/0",
    "2018-06-28", "2018-02-30", "2999-12-31", "10000-01-01", "2018-06-28T18:00:00+09:00", "2018-06-28T18:00:00",
    "7", "8", "7@B", "director-1", "officer-1", "heir-1", "buyer-1", "HD", "IIJ", "B", "main",
    "sqlite:///rights.db", "sqlite:///none.db", "sqlite:///", "sqlite", "rights.db", "none.jsonl", ".",
    "\udcff", "\u202e", "新株予約権", "e\u0301", "x" * 1_000,
    "'", '"', "$(id)", "%s", "{0}", "[bold]", "\x1b[2J", "\r\n",
)  # fmt: skip
"""Arguments that are at a limit, beyond it, or of another kind."""


def changed_lines(data: bytes, dice: Random) -> bytes:
    """Change one line of JSON Lines, or their order."""
    given = data.split(b"\n")
    at = dice.randrange(len(given))
    match dice.randrange(8):
        case 0:
            given.insert(at, dice.choice(_lines()))
        case 1:
            given[at] = dice.choice(_lines())
        case 2:
            given.insert(at, dice.choice(given))
        case 3:
            dice.shuffle(given)
        case 4 if len(given) > 1:
            del given[at]
        case _:
            given[at] = changed_entry(given[at], dice)
    return b"\n".join(given)


def changed_entry(line: bytes, dice: Random) -> bytes:
    """Change one value, key or level inside the JSON of a line; what is no JSON is replaced by what is."""
    try:
        value = json.loads(line)
    except ValueError:
        return dice.choice(_lines())
    value = _changed_value(value, dice)
    text = json.dumps(value, ensure_ascii=dice.random() < 0.5).encode(errors="surrogatepass")
    match dice.randrange(12):
        case 0:
            return text.replace(b"}", b', "on": "2018-06-28"}', 1)  # a key twice, perhaps
        case 1:
            return text.replace(b"1", b"1.0", 1)
        case 2:
            return text[: dice.randrange(len(text) + 1)]
        case _:
            return text


def written(value: object) -> bytes:
    """A JSON value as a line."""
    return json.dumps(value, ensure_ascii=False).encode()


def _changed_value(value: Any, dice: Random) -> Any:
    places = [*_places(value)]
    if not places or dice.random() < 0.05:
        return dice.choice(ODD)
    owner, key = dice.choice(places)
    match dice.randrange(6):
        case 0:
            del owner[key]
        case 1 if isinstance(owner, dict):
            owner[dice.choice(_keys())] = owner[key]
        case 2:
            owner[key] = [owner[key]]
        case 3:
            owner[key] = dice.choice(_values(key))
        case _:
            owner[key] = dice.choice(ODD)
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place inside a JSON value, as what holds it and where."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        yield value, key
        yield from _places(item)


def changed_call(data: bytes, dice: Random) -> bytes:
    """Change one argument of a call, or one line of its standard input."""
    written, end, given = data.partition(b"\0\0")
    if end and dice.random() < 0.5:
        return written + end + changed_lines(given, dice)
    words = written.split(b"\0")
    at = dice.randrange(len(words))
    match dice.randrange(7):
        case 0:
            words.insert(at, _word(dice))
        case 1:
            del words[at]
        case 2:
            words[at:at] = [dice.choice(_options()), _word(dice)]
        case 3:
            words[at] += b"=" + _word(dice)
        case 4:
            words = [word.encode() for word in dice.choice(_examples())]
        case _:
            words[at] = _word(dice)
    return b"\0".join(words) + end + given


def _word(dice: Random) -> bytes:
    if dice.random() < 0.3:
        return dice.choice([*_options(), *(word.encode() for name in commands() for word in name.split())])
    return dice.choice(WORDS).encode(errors="surrogateescape").replace(b"\0", b"")


def changed_text(content: bytes, dice: Random) -> bytes:
    """Change one line of a receipt, a checkpoint or a note, or one byte."""
    found = content.split(b"\n")
    at = dice.randrange(len(found))
    match dice.randrange(9):
        case 0:
            found.insert(at, dice.choice(found))
        case 1:
            del found[at]
        case 2:
            dice.shuffle(found)
        case 3:
            found[at] = dice.choice([b"", b"0", b"-1", b"01", b"9" * 17, b"+1", b"\xff", b"\r", b"extra ", b"index 0"])
        case 4:
            found[at] = b64encode(dice.randbytes(dice.choice([0, 31, 32, 33, 68])))
        case 5:
            found[at] = "— ".encode() + dice.choice([b"k", b"a b", b"k+", b""]) + b" " + b64encode(dice.randbytes(68))
        case 6:
            found[at] = found[at].rstrip(b"=") + dice.choice([b"", b"=", b"==", b" ", b"A"])
        case _:
            content = content or b"\n"
            place = dice.randrange(len(content))
            return content[:place] + bytes([content[place] ^ 1 << dice.randrange(8)]) + content[place + 1 :]
    return b"\n".join(found)


def forged_receipt(content: bytes, dice: Random) -> bytes:
    """Change the entry inside a receipt, and often reckon a root that fits: whoever has no key can do that."""
    try:
        found = Receipt.parse(content)
    except LedgerError:
        return changed_text(content, dice)
    entry = changed_entry(found.entry, dice) if dice.random() < 0.8 else changed_text(found.entry, dice)
    head, _, rest = content.partition(b"\n\n")
    kept = head.split(b"\n")
    kept[1] = b"extra " + b64encode(entry)
    lines_below = rest.split(b"\n")
    size = found.signed.checkpoint.size
    root = root_by_inclusion(leaf_hash(entry), found.index, size, found.path)
    if root is not None and dice.random() < 0.9:
        lines_below[2] = b64encode(root)
    return b"\n".join(kept) + b"\n\n" + b"\n".join(lines_below)


@cache
def _lines() -> Sequence[bytes]:
    return tuple(lines())


@cache
def _examples() -> Sequence[Sequence[str]]:
    return examples()


@cache
def _options() -> Sequence[bytes]:
    """Every option of every command."""
    names = {
        name
        for command in commands().values()
        for option in command.params
        if isinstance(option, click.Option)
        for name in option.opts
    }
    return tuple(name.encode() for name in sorted(names))


@cache
def _keys() -> Sequence[str]:
    return tuple(sorted({key for line in _lines() for _, key in _places(json.loads(line)) if isinstance(key, str)}))


@cache
def _values(key: str) -> Sequence[Any]:
    """What stands under a key in the seeds."""
    found = [owner[each] for line in _lines() for owner, each in _places(json.loads(line)) if each == key]
    return found or [None]
