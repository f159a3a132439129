"""Check what a ledger of `rights` proved of itself. Needs Python 3.9 or newer, and nothing else.

What a FILE is, its beginning says:

    c2sp.org/tlog-proof@v1   a receipt: an entry, its path in the tree of all entries, and a checkpoint
    rights-ledger/...        a checkpoint: which ledger, how many entries, which root; signed or not
    old N                    a proof that a checkpoint's log begins with the N entries of another, given as well
    {...                     a log: the stored entries of one ledger, from the first on, one a line

A VKEY is the public half of a key, name+id+key, or a file of such lines. Where keys are given, one of them must have
signed every checkpoint. Exit 0: all of it holds; 3: something does not; 2: the call is none, or a file was not checked.

To read beside it: RFC 6962 (tree), 8032 (Ed25519), 8785 (JSON); C2SP signed-note, tlog-checkpoint, -proof, -witness.
"""

# ruff: noqa: D103, PTH123, T201
from __future__ import annotations

import argparse
import base64
import functools
import hashlib
import json
import re
import sys
from collections import namedtuple
from typing import Any

ORIGIN, RECEIPT, DASH, NAME = "rights-ledger/", "c2sp.org/tlog-proof@v1", "\u2014 ", r"[^\s+\x00-\x1f]+"
MOST, MARK = 4_000_000, b"\xef\xbb\xbf"  # bytes of a file, or of a line of a log; the byte-order mark
ENVELOPE = {"actor", "batch", "entry", "format", "ledger", "recorded_at", "type", "type_version", "version"}
Checkpoint = namedtuple("Checkpoint", "file origin size root notes signed")
Key = tuple[str, bytes, bytes]  # name, id, public key
Known = dict[tuple[str, int], Checkpoint]  # by origin and size
Begun = set[tuple[str, int]]  # of these, those that a longer log was shown to begin with


class ProofError(ValueError):
    """An exit code, and why."""


def require(holds: object, why: str, code: int = 3) -> None:
    if not holds:
        raise ProofError(code, why)


def seen(text: str) -> str:  # it moves no terminal's cursor
    return "".join(each if each.isprintable() or each == "\u3000" else f"\\u{ord(each):04x}" for each in text)


def unbase64(text: str, length: int | None = None) -> bytes:
    found = base64.b64decode(text, validate=True)
    require(base64.b64encode(found).decode() == text and length in (None, len(found)), "it holds base64 that is none")
    return found


def count_from(text: str) -> int:
    require(re.fullmatch("0|[1-9][0-9]{0,15}", text) and int(text) < 2**53, "a size or an index in it is no count")
    return int(text)


# --- The tree: a leaf is SHA-256(00, entry), a node SHA-256(01, left, right); it is split at a power of two.


def digest(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def root_by_path(found: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that a path leads to from a leaf's hash (RFC 6962, 2.1.1)."""
    require((size == 1) == (not path), "its path is not as long as that of such an entry")
    if size == 1:
        return found
    left = 1 << ((size - 1).bit_length() - 1)
    if index < left:
        return digest(b"\1", root_by_path(found, index, left, path[:-1]), path[-1])
    return digest(b"\1", path[-1], root_by_path(found, index - left, size - left, path[:-1]))


def roots_by_proof(old: int, size: int, proof: list[bytes], known: bytes | None) -> tuple[bytes, bytes]:
    """The old and the new root that a proof leads to (RFC 6962, 2.1.2); known where the old one is a subtree's."""
    if old == size:
        require(len(proof) == (known is None), "its proof is not as long as that of such a log")
        return (proof[0], proof[0]) if known is None else (known, known)
    require(proof, "its proof is not as long as that of such a log")
    left = 1 << ((size - 1).bit_length() - 1)
    if old <= left:
        first, second = roots_by_proof(old, left, proof[:-1], known)
        return first, digest(b"\1", second, proof[-1])
    first, second = roots_by_proof(old - left, size - left, proof[:-1], None)
    return digest(b"\1", proof[-1], first), digest(b"\1", proof[-1], second)


# --- Ed25519 (RFC 8032, 5.1). Refused: S not below L, a second way to write a point, a key of small order.

Point = tuple[int, int, int, int]
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    e, f, g, h = (b - a) % P, (d - c) % P, (d + c) % P, (b + a) % P
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, p: Point) -> Point:
    total = (0, 1, 1, 0)
    for bit in f"{number:b}":
        total = add(add(total, total), p if bit == "1" else (0, 1, 1, 0))
    return total


def point(written: bytes) -> Point | None:
    y, sign = int.from_bytes(written, "little") % 2**255, written[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    x = x if x % 2 == sign else P - x
    return (x, y, 1, x * y % P) if y < P and x < P and x * x % P == square else None


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    s, key, base = int.from_bytes(signature[32:], "little"), point(public), point(b"\x58" + b"\x66" * 31)
    if len(signature) != 64 or s >= L or key is None or base is None:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    x, y, z, _ = add(times(s, base), times(h, (P - key[0], key[1], 1, P - key[3])))
    x, y = x * pow(z, -1, P) % P, y * pow(z, -1, P) % P
    return (y | x % 2 << 255).to_bytes(32, "little") == signature[:32]


def key_from(text: str) -> Key:
    name, key_id, written = [*text.split("+", 2), "", ""][:3]
    key = unbase64(written, 33)
    is_sound = key[0] == 1 and (at := point(key[1:])) is not None and times(8, at)[0] != 0
    is_named = re.fullmatch(NAME, name) and digest(name.encode(), b"\n", key)[:4].hex() == key_id
    require(is_sound and is_named, "its id or its point is not that of an Ed25519 key")
    return name, bytes.fromhex(key_id), key[1:]


def checkpoint_from(content: bytes, file: str, keys: list[Key]) -> Checkpoint:
    text = content.decode()
    is_text = re.fullmatch("[^\x00-\x09\x0b-\x1f]*\n", text) and len(content) <= 65_536
    require(is_text, "its checkpoint is cut or too long, or holds a control character")
    body, gap, signed = text.rpartition("\n\n")
    body, signatures = (body + "\n", signed.split("\n")[:-1]) if gap else (text, [])
    origin, *lines = body.split("\n")[:-1]
    require(origin.startswith(ORIGIN) and origin != ORIGIN and len(lines) >= 2, "it has no ledger, size and root")
    size, root, notes, signers = count_from(lines[0]), unbase64(lines[1], 32), lines[2:], []
    require(size > 0 or root == digest(), "its root is not that of no entries")
    require(all(line and not line.startswith(DASH) for line in notes), "a line after its root is none")
    require(not gap or 1 <= len(signatures) <= 100, "it has no signature after its empty line, or too many")
    for line in signatures:
        name, _, written = line[len(DASH) :].partition(" ")
        value = unbase64(written)
        require(line.startswith(DASH) and re.fullmatch(NAME, name) and len(value) > 4, "a line of signature is none")
        for public in [key[2] for key in keys if key[:2] == (name, value[:4])]:
            require(is_signed(public, body.encode(), value[4:]), f"the signature of {name} is not of this text")
            signers.append(name)
    require(signers or not keys, "it is not signed by a key that was given")
    unasked = "by whom was not checked, for no --key was given" if gap else "signed by nobody: anybody can have made it"
    return Checkpoint(file, origin, size, root, notes, f"signed by {', '.join(signers)}" if keys else unasked)


def whole(written: str) -> int:
    require(len(written) <= 17 and abs(int(written)) < 2**53, "a number in its entry is too large")
    return int(written)


def in_order(value: Any, levels: int = 64) -> Any:
    """A value of JSON with its keys in the order of RFC 8785, 3.2.3: by their UTF-16 code units."""
    require(levels, "its entry is nested too deep")
    if isinstance(value, dict):
        return {key: in_order(value[key], levels - 1) for key in sorted(value, key=lambda key: key.encode("utf-16-be"))}
    return [in_order(each, levels - 1) for each in value] if isinstance(value, list) else value


def check_entry(entry: bytes, version: int, origin: str = "") -> str:
    """An entry must be canonical JSON, and say which version of which ledger it is: of one's origin, or of any."""
    said = json.loads(entry.decode(), parse_int=whole, parse_float=whole, parse_constant=whole)
    again = json.dumps(in_order(said), ensure_ascii=False, separators=(",", ":"))
    require(isinstance(said, dict) and again.encode() == entry, f"entry {version} is not JSON in canonical form")
    require(set(said) - {"effective_on", "id"} == ENVELOPE, f"entry {version} has other keys than one of a ledger")
    require(said["version"] == version and said["version"] is not True, f"entry {version} says another version")
    require(type(said["ledger"]) is str and origin in ("", ORIGIN + said["ledger"]), f"entry {version} is another's")
    return f"{ORIGIN}{said['ledger']}"


def check_receipt(lines: list[str], found: Checkpoint) -> None:
    require([line[:6] for line in lines[1:3]] == ["extra ", "index "], "it has no entry, or no index")
    entry, index = unbase64(lines[1][6:]), count_from(lines[2][6:])
    path = [unbase64(line, 32) for line in lines[3:]]
    require(index < found.size and len(path) < 64, "its path is not as long as that of such an entry")
    root = root_by_path(digest(b"\0", entry), index, found.size, path)
    require(root == found.root, f"its entry is not entry {index + 1} of the log of its checkpoint")
    check_entry(entry, index + 1, found.origin)
    print(seen(f"{found.file}: version {index + 1} of {found.origin}, under the root below, is {entry.decode()}"))


def check_proof(lines: list[str], found: Checkpoint, known: Known, begun: Begun) -> None:
    old, proof = count_from(lines[0][4:]), [unbase64(line, 32) for line in lines[1:]]
    require(old <= found.size and len(proof) < 64, "its proof is not as long as that of such a log")
    require((found.origin, old) in known, f"the checkpoint of {old} entries must be given as well", 2)
    before = known[found.origin, old]
    roots = roots_by_proof(old, found.size, proof, before.root) if old else (before.root, b"" if proof else found.root)
    require(roots == (before.root, found.root), f"it does not prove that its log begins with that of {before.file}")
    begun |= {(found.origin, old)} if old < found.size else set()
    print(seen(f"{found.file}: {found.origin} with {found.size} entries begins with those of {before.file}."))


def check_log(file: str, known: Known, begun: Begun) -> None:
    origin, roots, size = "", {0: digest()}, 0
    peaks: list[bytes] = []
    with open(file, "rb") as stream:
        while line := stream.readline(MOST):
            entry, width, size = line[:-1] if line.endswith(b"\n") else line, size, size + 1
            origin, root = check_entry(entry, size, origin), digest(b"\0", entry)
            while width % 2:
                width, root = width // 2, digest(b"\1", peaks.pop(), root)
            peaks.append(root)
            if (origin, size) in known or not stream.peek(1):  # or it is the last
                roots[size] = functools.reduce(lambda right, left: digest(b"\1", left, right), peaks[::-1])
    checked = [each for each in known.values() if each.origin == origin]
    require(checked or not known, f"it is of {origin}, and no checkpoint that was given is", 2)
    for each in checked:
        require(each.size <= size, f"it has {size} entries, fewer than {each.file}")
        require(roots[each.size] == each.root, f"its first {each.size} entries are not those of {each.file}")
        begun.add((origin, each.size))
    begins = f"begins with those of {', '.join(each.file for each in checked)}"
    alone = f"has the root {base64.b64encode(roots[size]).decode()}; no checkpoint of it was given"
    print(seen(f"{file}: {origin} with {size} entries {begins if checked else alone}."))


def look(file: str, keys: list[Key], known: Known, begun: Begun) -> tuple[Any, ...]:
    """Check a file alone; return the call that must wait for all checkpoints."""
    with open(file, "rb") as stream:
        require(stream.seekable(), "it is a pipe, and is read more than once: give a file", 2)
        content = stream.read(MOST + 1)
    content, is_marked = content[3 * content.startswith(MARK) :], content.startswith(MARK)
    require(not content.startswith(b'{"backup"'), "it is a backup of a database; `rights export` writes a log", 2)
    if content.startswith(b"{") and not is_marked:
        return check_log, file, known, begun
    head, gap, rest = content.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    has_more = lines[0] in (RECEIPT, RECEIPT + "\r") or content.startswith(b"old ")
    require(has_more or content.startswith((ORIGIN.encode(), b"{")), "it is no receipt, checkpoint, proof or log", 2)
    require(not is_marked and b"\r" not in content, "mail or Windows changed its line ends, or put a byte-order mark")
    require(len(content) <= MOST and (gap or not has_more), "it is too long, or cut before its checkpoint")
    found = checkpoint_from(rest if has_more else content, file, keys)
    if lines[0] == RECEIPT:
        check_receipt(lines, found)
    same = known.setdefault((found.origin, found.size), found)
    require(same.root == found.root, f"it has another root than {same.file}, of the same ledger and size")
    root = base64.b64encode(found.root).decode()
    print(seen(f"{file}: {found.origin} had {found.size} entries and the root {root}; {found.signed}."))
    for line in found.notes:
        print(seen(f"{file}: it also says: {line}"))
    return (check_proof, lines, found, known, begun) if content.startswith(b"old ") else ()


def keys_from(asked: str) -> list[Key]:
    try:
        if re.fullmatch(NAME + r"\+[0-9a-f]{8}\+.*", asked):
            return [key_from(asked)]
        with open(asked, encoding="utf-8", newline="\n") as stream:
            text = stream.read(MOST)
        require("-----BEGIN" not in text, "it is a private key, which is for nobody else; give its public half")
        keys = [key_from(line.strip()) for line in text.split("\n") if line.strip()]
        require(keys, "it holds no key")
        return keys
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(seen(f"{asked[:80]}: {error.args[-1]}")) from None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", metavar="FILE", nargs="+")
    parser.add_argument("--key", metavar="VKEY|FILE", type=keys_from, action="append", default=[])
    asked = parser.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    known, begun = Known(), Begun()
    keys, worst = [key for each in asked.key for key in each], 0
    calls: list[tuple[Any, ...]] = [(file, look, file, keys, known, begun) for file in asked.files]
    for file, check, *arguments in calls:  # which grow meanwhile
        try:
            calls += [(file, *more)] if (more := check(*arguments)) else []
        except (OSError, ValueError, RecursionError) as error:
            code = error.args[0] if isinstance(error, ProofError) else 2 if isinstance(error, OSError) else 3
            print(seen(f"{file}: {'DOES NOT HOLD' if code == 3 else 'NOT CHECKED'}: {error.args[-1]}"), file=sys.stderr)
            worst = max(worst, code)
    for origin, size in sorted(known):
        if (origin, size) not in begun and (origin, size) != max(key for key in known if key[0] == origin):
            print(seen(f"Not checked: that {origin} still begins with {known[origin, size].file}; no log or proof."))
    return worst


if __name__ == "__main__":
    sys.exit(main())
