"""Signed notes: a text, and who signed it (C2SP signed-note 1.0.0), with Ed25519 (RFC 8032) alone.

Signing and checking signatures needs the library `cryptography`, loaded where it is needed; reading notes does not.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256
from types import ModuleType
from typing import ClassVar, Final, NamedTuple, NoReturn, Self

from ledger.domain.characters import shown
from ledger.domain.errors import EvidenceError, LedgerError, MalformedError

MAX_NOTE_BYTES: Final = 65_536
MAX_SIGNATURES: Final = 100
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
DASH: Final = "\u2014"
"""What a line of signature begins with, before a space."""

_ED25519: Final = b"\x01"
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_KEY_ID: Final = re.compile(r"[0-9a-f]{8}")

_P: Final = 2**255 - 19
_D: Final = -121665 * pow(121666, -1, _P) % _P
_OF_ORDER_8: Final = 2707385501144840649318225287225658788936804267575313519463743609750303402022
_SMALL_ORDER: Final = frozenset({0, 1, _P - 1, _OF_ORDER_8, _P - _OF_ORDER_8})
"""The y of all eight points whose order divides the cofactor: under such a key anybody can sign."""


class MissingLibraryError(LedgerError):
    """A library that is not installed is needed (`missing-library`): the call asks for what is not there."""

    exit_code: ClassVar[int] = 2


def broken(why: str) -> NoReturn:
    """Refuse what claims to be ours and does not hold."""
    raise EvidenceError("damaged", why)


def check_start(content: bytes, start: str, otherwise: str, *, is_whole_line: bool = False) -> None:
    """Refuse a file that does not start as one of its kind, or that a program has put its mark before.

    Raises `MalformedError` where it is of another kind, `DamagedError` for the mark.
    """
    found = content.removeprefix(BYTE_ORDER_MARK)
    first = found.partition(b"\n")[0].removesuffix(b"\r")
    if not (first == start.encode() if is_whole_line else found.startswith(start.encode())):
        raise MalformedError("malformed", otherwise)
    if found != content:
        broken("a byte-order mark was put before its first line, as programs of Windows do")


def check_line_ends(content: bytes) -> None:
    """Refuse a text that has other line ends than it was written with. Raises `DamagedError`."""
    if b"\r" in content:
        broken("its line ends were changed, as mail and Windows do")


def base64_of(content: bytes) -> str:
    """Standard base64 with padding (RFC 4648, section 4)."""
    return b64encode(content).decode()


def from_base64(text: str) -> bytes | None:
    """Bytes of canonical base64; None for anything else, such as spaces or bits left over."""
    try:
        content = b64decode(text, validate=True)
    except ValueError:
        return None
    return content if base64_of(content) == text else None


class Signature(NamedTuple):
    """One line of signature. key_id: four bytes. value: what the key made of the text; 64 bytes with Ed25519."""

    name: str
    key_id: bytes
    value: bytes

    def line(self) -> str:
        """Return the line, with its line feed."""
        return f"{DASH} {self.name} {base64_of(self.key_id + self.value)}\n"

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a line, without its line feed. Raises `DamagedError`."""
        dash, _, rest = line.partition(" ")
        name, _, written = rest.partition(" ")
        value = from_base64(written)
        if dash != DASH or not _is_name(name) or value is None or len(value) < 5:
            broken("one of its lines of signature is none")
        return cls(name, value[:4], value[4:])


class Note(NamedTuple):
    """A text that ends in a line feed, and its signatures; a note without any is its text alone."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def rendered(self) -> bytes:
        """Return the note as a file holds it. Raises `DamagedError` where it is larger than anybody would read."""
        lines = "".join(each.line() for each in self.signatures)
        content = f"{self.text}\n{lines}".encode() if lines else self.text.encode()
        if len(content) > MAX_NOTE_BYTES:
            broken(f"the note has {len(content):,} bytes; {MAX_NOTE_BYTES:,} are the most")
        return content

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read a note: what stands after its last empty line are signatures. Raises `DamagedError`."""
        if len(content) > MAX_NOTE_BYTES:
            broken(f"it has more than {MAX_NOTE_BYTES:,} bytes")
        check_line_ends(content)
        try:
            written = content.decode()
        except UnicodeDecodeError as error:
            broken(f"byte {error.start + 1} is not UTF-8")
        if _CONTROL.search(written):
            broken("it holds a control character")
        if not written.endswith("\n"):
            broken("its last line does not end: it is cut")
        text, gap, signed = written.rpartition("\n\n")
        if not gap:
            return cls(written)
        lines = signed.split("\n")[:-1]
        if not 1 <= len(lines) <= MAX_SIGNATURES:
            broken(f"it has {len(lines)} signatures after its empty line; 1 to {MAX_SIGNATURES} are allowed")
        return cls(f"{text}\n", tuple(map(Signature.parse, lines)))


class VerifierKey(NamedTuple):
    """The public half of a key, by which signatures are checked. public: 32 bytes (RFC 8032)."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of a hash of name and key."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The key as it is passed on: name+id+key."""
        return f"{self.name}+{self.key_id.hex()}+{base64_of(_ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a verifier key. Raises `MalformedError`."""
        name, _, rest = text.partition("+")
        key_id, _, written = rest.partition("+")
        if not _is_name(name) or not _KEY_ID.fullmatch(key_id) or _CONTROL.search(text):
            _no_key("a verifier key is written name+id+key, the id in eight hexadecimal digits")
        key = from_base64(written)
        if key is None or key[:1] != _ED25519 or len(key) != 33:
            _no_key(f"the key of {shown(name)} is no Ed25519 key")
        found = cls(name, key[1:])
        if found.key_id.hex() != key_id:
            _no_key(
                f"the key of {shown(name)} has the id {found.key_id.hex()}, not {key_id}: it was mistyped or changed"
            )
        if not _is_sound(found.public):
            _no_key(f"the key of {shown(name)} is no point of the curve that could be trusted")
        return found

    def verifies(self, text: str, signature: Signature) -> bool:
        """Whether a signature under this key is of this text. Raises `MissingLibraryError`."""
        library = _library("checking signatures")
        from cryptography.exceptions import InvalidSignature

        try:
            library.Ed25519PublicKey.from_public_bytes(self.public).verify(signature.value, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


class SigningKey:
    """The private half of a key. name: as in the lines of signature. seed: 32 bytes; whoever has them can sign."""

    def __init__(self, name: str, seed: bytes) -> None:
        if not _is_name(name) or _CONTROL.search(name):
            _no_key(f"a key's name is not empty, and has no space, no + and no control character: not {shown(name)}")
        self.name = name
        self._private = _library("signing").Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self._private.public_key().public_bytes_raw())

    def sign(self, text: str) -> Signature:
        """Sign a text that ends in a line feed."""
        return Signature(self.name, self.verifier.key_id, self._private.sign(text.encode()))

    def to_pem(self, passphrase: str | None = None) -> bytes:
        """Return the key as PEM (PKCS #8), encrypted under a passphrase where there is one."""
        from cryptography.hazmat.primitives import serialization

        private: bytes = self._private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption(),
        )
        return private

    @classmethod
    def from_pem(cls, name: str, pem: bytes, passphrase: str | None = None) -> Self:
        """Read a key from PEM (PKCS #8). Raises `MalformedError`, `MissingLibraryError`."""
        library = _library("signing")
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            private = load_pem_private_key(pem, passphrase.encode() if passphrase else None)
        except TypeError:
            _no_key("a passphrase must be given exactly where the private key is encrypted")
        except (ValueError, UnsupportedAlgorithm):
            _no_key(f"it is no private key in PEM (PKCS #8){', or the passphrase is another' if passphrase else ''}")
        if not isinstance(private, library.Ed25519PrivateKey):
            _no_key("the private key is of another kind than Ed25519")
        return cls(name, private.private_bytes_raw())


def signers(note: Note, keys: Sequence[VerifierKey]) -> tuple[VerifierKey, ...]:
    """The keys that signed a note, of those that are known; signatures of others say nothing.

    Raises `DamagedError` where a known key's signature is not of this text, or where none of them signed.
    """
    found: list[VerifierKey] = []
    for signature in note.signatures:
        for key in keys:
            if (signature.name, signature.key_id) != (key.name, key.key_id):
                continue
            if not key.verifies(note.text, signature):
                broken(f"the signature of {shown(key.name)} does not hold: the text or the signature was changed")
            if key not in found:
                found.append(key)
    if not found:
        there = shown(", ".join(each.name for each in note.signatures)) or "nobody"
        broken(f"none of the keys that were given signed it; signed by {there}; without --key it is checked by itself")
    return tuple(found)


def _no_key(why: str) -> NoReturn:
    raise MalformedError("malformed", why)


def _is_name(name: str) -> bool:
    return name != "" and "+" not in name and not any(map(str.isspace, name))


def _is_sound(public: bytes) -> bool:
    """Whether a key is the one encoding of a point of the curve, and of none that anybody could sign for."""
    y = int.from_bytes(public, "little") & (2**255 - 1)
    if y >= _P or y in _SMALL_ORDER:
        return False
    # x² = (y² − 1) / (d·y² + 1) has a root (RFC 8032, 5.1.3); the divisor is never 0.
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P)
    return pow(square, (_P - 1) // 2, _P) == 1


def _library(purpose: str) -> ModuleType:
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519
    except ImportError as error:
        raise MissingLibraryError(
            "missing-library",
            f"{purpose} needs the library cryptography: pip install 'rights-ledger[sign]' installs it; the standalone"
            " checker, `rights checker`, needs nothing but Python",
        ) from error
    return ed25519
