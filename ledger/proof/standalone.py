"""Check what a ledger of `rights` proved of itself. Needs Python 3.9 or newer, and nothing else.

    python3 standalone.py FILE... [--key VKEY|FILE]...

What a FILE is, its first line tells:

- c2sp.org/tlog-proof@v1   a receipt: an entry, its path in the tree of all entries, and a checkpoint
- rights-ledger/...        a checkpoint: which ledger, how many entries, which root; signed or not
- old N                    a proof that the log of a checkpoint extends that of an older one, which is given too
- {"actor":...             a log: the stored entries of one ledger from the first on, one a line

A VKEY is the public half of a key, name+id+key, or a file with such lines. With keys, one of them must have signed
every checkpoint. Exit 0: all that was given holds. 3: something does not. 2: a file or the call is not of this kind.

Read beside it: RFC 6962 and 9162 (the tree), RFC 8032 (Ed25519), RFC 8785 (canonical JSON), and of C2SP signed-note,
tlog-checkpoint, tlog-proof and tlog-witness (how proofs are written).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
from collections import namedtuple

LEDGER = "rights-ledger/"
RECEIPT = "c2sp.org/tlog-proof@v1"
Checkpoint = namedtuple("Checkpoint", "origin size root extensions signed_by file")


class Problem(Exception):
    """Something does not hold (3), or is not what could be checked (2)."""

    def __init__(self, why, code=3):
        super().__init__(why)
        self.code = code


def require(holds, why, code=3):
    if not holds:
        raise Problem(why, code)


# How proofs are written: base64 in its one canonical form, counts below 2^53, texts without control characters.


def unbase64(text, length=None):
    try:
        found = base64.b64decode(text, validate=True)
    except ValueError:
        raise Problem("something in it is not base64") from None
    require(base64.b64encode(found).decode() == text, "something in it is not base64 in canonical form")
    require(length in (None, len(found)), f"something in it should be base64 of {length} bytes")
    return found


def count_from(text):
    require(re.fullmatch("0|[1-9][0-9]{0,15}", text) and int(text) < 2**53, "a size or an index in it is no count")
    return int(text)


def text_from(content):
    require(len(content) <= 65536, "it has more than 65,536 bytes")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise Problem("it is not UTF-8") from None
    require(not re.search("[\x00-\x09\x0b-\x1f]", text), "it holds a control character")
    require(text.endswith("\n"), "its last line does not end")
    return text


def is_name(name):
    return name and not re.search(r"[\s+\x1c-\x1f]", name)


# The tree of RFC 6962, 2.1: leaf SHA-256(0x00, bytes), node SHA-256(0x01, left, right).


def leaf(content):
    return hashlib.sha256(b"\x00" + content).digest()


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of_peaks(peaks):
    if not peaks:
        return hashlib.sha256().digest()
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node(peak, root)
    return root


def split(size):
    return 1 << (size - 1).bit_length() - 1


def root_from(found, index, size, path):
    """The root that a path leads to from a leaf (2.1.1)."""
    require((size == 1) == (not path), "its path is not as long as such an entry's")
    if size == 1:
        return found
    left = split(size)
    if index < left:
        return node(root_from(found, index, left, path[:-1]), path[-1])
    return node(path[-1], root_from(found, index - left, size - left, path[:-1]))


def roots_from(old, size, proof, old_root, known=True):
    """The old and the new root that a proof of consistency leads to (2.1.2)."""
    require(proof if old < size else len(proof) == (not known), "its proof is not as long as such a log's")
    if old == size:
        return (old_root, old_root) if known else (proof[0], proof[0])
    left = split(size)
    if old <= left:
        first, second = roots_from(old, left, proof[:-1], old_root, known)
        return first, node(second, proof[-1])
    first, second = roots_from(old - left, size - left, proof[:-1], old_root, False)
    return node(proof[-1], first), node(proof[-1], second)


# Ed25519 of RFC 8032, 5.1: points in extended coordinates; S below L, one encoding a point, no key of small order.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def point(encoded):
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = x if x % 2 == sign else P - x
    return x, y, 1, x * y % P


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    e, f, g, h = (b - a) % P, (d - c) % P, (d + c) % P, (b + a) % P
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, p):
    total = (0, 1, 1, 0)
    while number:
        if number % 2:
            total = add(total, p)
        number, p = number // 2, add(p, p)
    return total


def encoded(p):
    inverse = pow(p[2], P - 2, P)
    return (p[1] * inverse % P | (p[0] * inverse % P % 2) << 255).to_bytes(32, "little")


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_sound(public):
    key = point(public)
    return key is not None and encoded(times(8, key)) != encoded(times(0, key))


def is_signed(public, message, signature):
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    x, y, z, t = point(public)
    return encoded(add(times(s, BASE), times(h, (P - x, y, z, P - t)))) == signature[:32]


def key_from(text):
    """(name, id, public key) of name+id+key."""
    name, _, rest = text.partition("+")
    said, _, written = rest.partition("+")
    require(is_name(name) and re.fullmatch("[0-9a-f]{8}", said), "a key is written name+id+key", 2)
    try:
        key = unbase64(written, 33)
    except Problem:
        raise Problem("a key is 33 bytes in base64", 2) from None
    key_id = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    require(key[0] == 1 and key_id.hex() == said and is_sound(key[1:]), f"the key of {name} is no sound Ed25519 key", 2)
    return name, key_id, key[1:]


# What is checked.


def checkpoint_from(content, keys, file):
    text, gap, signed = text_from(content).rpartition("\n\n")
    text = text + "\n" if gap else signed
    lines = text.split("\n")[:-1]
    require(lines[0].startswith(LEDGER) and lines[0] != LEDGER, "it names no ledger")
    require(len(lines) >= 3, "its checkpoint is not whole")
    size, root = count_from(lines[1]), unbase64(lines[2], 32)
    require(size > 0 or root == root_of_peaks([]), "its root is not that of a log without entries")
    require(not any(line == "" or line.startswith("\u2014 ") for line in lines[3:]), "a further line of it is none")
    signed_by, signatures = [], signed.split("\n")[:-1] if gap else []
    require(not gap or 1 <= len(signatures) <= 100, "it has no signature after its empty line, or more than 100")
    for line in signatures:
        parts = line.split(" ")
        require(len(parts) == 3 and parts[0] == "\u2014" and is_name(parts[1]), "a line of signature is none")
        value = unbase64(parts[2])
        require(len(value) >= 5, "a line of signature is none")
        for name, key_id, public in keys:
            if (name, key_id) == (parts[1], value[:4]):
                require(is_signed(public, text.encode(), value[4:]), f"the signature of {name} does not hold")
                signed_by.append(name)
    require(signed_by or not keys, "none of the keys that were given signed it")
    return Checkpoint(lines[0], size, root, lines[3:], signed_by, file)


def whole(written):
    if len(written) > 17 or abs(int(written)) >= 2**53:
        raise ValueError(written)
    return int(written)


def ordered(value, levels=64):
    """The same value with its keys in the order of RFC 8785, 3.2.3."""
    if isinstance(value, (dict, list)) and not levels:
        raise ValueError("nested too deep")
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return {key: ordered(value[key], levels - 1) for key in keys}
    return [ordered(each, levels - 1) for each in value] if isinstance(value, list) else value


def check_entry(entry, version, ledger=None):
    """An entry is canonical JSON and says which version of which ledger it is; return the ledger."""
    try:
        said = json.loads(entry.decode(), parse_int=whole, parse_float=whole, parse_constant=whole)
        canonical = json.dumps(ordered(said), ensure_ascii=False, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        canonical = None
    require(canonical == entry and isinstance(said, dict), f"entry {version} is no canonical JSON")
    require(said.get("version") == version and said["version"] is not True, f"entry {version} says another version")
    require(isinstance(said.get("ledger"), str), f"entry {version} names no ledger")
    require(ledger in (None, said["ledger"]), f"entry {version} is of another ledger")
    return said["ledger"]


def with_checkpoint(content, keys, file):
    """The lines before the first empty line, and the checkpoint after it."""
    head, gap, rest = content.partition(b"\n\n")
    require(gap, "it ends before its checkpoint")
    return head.decode("ascii", "replace").split("\n"), checkpoint_from(rest, keys, file)


def checked_receipt(content, keys, file):
    require(len(content) <= LONGEST, "it has more than 4,000,000 bytes")
    lines, checkpoint = with_checkpoint(content, keys, file)
    require([line[:6] for line in lines[1:3]] == ["extra ", "index "], "it has no entry, or no index")
    entry, index = unbase64(lines[1][6:]), count_from(lines[2][6:])
    path = [unbase64(line, 32) for line in lines[3:]]
    require(index < checkpoint.size and len(path) < 64, "its entry has no place in a log of that size")
    found = root_from(leaf(entry), index, checkpoint.size, path)
    require(found == checkpoint.root, f"its entry is not entry {index + 1} of the log with that root")
    check_entry(entry, index + 1, checkpoint.origin[len(LEDGER) :])
    say(f"{file}: entry {index + 1} is in the log of the checkpoint below. The entry: {entry.decode()}")
    return checkpoint


def check_consistency(content, keys, file, known):
    lines, new = with_checkpoint(content, keys, file)
    old, proof = count_from(lines[0][4:]), [unbase64(line, 32) for line in lines[1:]]
    require(len(proof) < 64, "it has more than 63 hashes")
    if 0 < old: 
        require((new.origin, old) in known, f"the checkpoint of the first {old} entries must be given, too", 2)
    known
