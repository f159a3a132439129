"""Keys in files: the private half as PEM for nobody else to read, the public half beside it, to be passed on."""

import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ledger.actor import claimed_actor
from ledger.domain.characters import shown
from ledger.domain.errors import LedgerError, MalformedError
from ledger.proof.note import SigningKey, VerifierKey

PASSPHRASE_VARIABLE: Final = "RIGHTS_KEY_PASSPHRASE"  # noqa: S105 - where it is, not what it is
"""Where it is set, a new private key is encrypted under it, and one that is encrypted is read with it."""

MAX_KEY_BYTES: Final = 65_536
_PRIVATE: Final = 0o600
_PUBLIC: Final = 0o644
_ENCRYPTED: Final = b"ENCRYPTED"
_KEY: Final = re.compile(r"[^+]+\+[0-9a-f]{8}\+.*")


def public_file(file: Path) -> Path:
    """Where the public half of a private key lies."""
    return file.with_name(f"{file.name}.pub")


def claimed_name() -> str:
    """A name for a key, of who records on this machine: without what the name of a key must not have."""
    return re.sub(r"[\s+\x00-\x1f]+", "-", claimed_actor())


def make_key(file: Path, name: str) -> VerifierKey:
    """Make a key; no file is ever replaced. Return its public half.

    Raises `MalformedError` where a file is there or the name is none, `MissingLibraryError`, `OSError`.
    """
    if not file.name:
        raise MalformedError("malformed", f"{file} is a folder: name a new file for the key")
    key = SigningKey(name, secrets.token_bytes(32))
    for each in (file, public_file(file)):
        if each.exists() or each.is_symlink():
            raise MalformedError("malformed", f"{each} is there already: a key is never replaced, name another file")
    _write(file, key.to_pem(os.environ.get(PASSPHRASE_VARIABLE)), _PRIVATE)
    _write(public_file(file), f"{key.verifier.text}\n".encode(), _PUBLIC)
    return key.verifier


def read_key(file: Path) -> SigningKey:
    """Read a private key, and its name from the public half beside it.

    Raises `MalformedError` where one of the two is no key or they are not of one key, `MissingLibraryError`, `OSError`.
    """
    verifier = read_public(file)
    content = _read(file)
    passphrase = os.environ.get(PASSPHRASE_VARIABLE) if _ENCRYPTED in content else None
    if _ENCRYPTED in content and not passphrase:
        raise MalformedError("malformed", f"{file} is encrypted: {PASSPHRASE_VARIABLE} must hold its passphrase")
    try:
        key = SigningKey.from_pem(verifier.name, content, passphrase)
    except MalformedError as error:
        where = f" (it is taken from {PASSPHRASE_VARIABLE})" if passphrase else ""
        raise MalformedError("malformed", f"{file}: {error.message}{where}") from None
    if key.verifier != verifier:
        raise MalformedError("malformed", f"{public_file(file)} is not the public half of {file}")
    return key


def read_public(file: Path) -> VerifierKey:
    """Read the public half of a private key, by the file of either. Raises as `read_keys` does."""
    if not file.name:
        raise MalformedError("malformed", f"{file} is no key: name its file, as `rights key new` said it")
    public = file if file.name.endswith(".pub") else public_file(file)
    if not public.exists():
        if not file.exists():
            raise MalformedError("malformed", f"there is no key {file}; `rights key new` makes one")
        raise MalformedError("malformed", f"{public} is not there: the public half of {file} must lie beside it")
    keys = read_keys([str(public)])
    if len(keys) != 1:
        raise MalformedError("malformed", f"{file} holds {len(keys)} keys; it should be one")
    return keys[0]


def read_keys(asked: Iterable[str]) -> list[VerifierKey]:
    """Verifier keys, each as name+id+key or as a file of such lines.

    Raises `MalformedError` for what is neither, `OSError`.
    """
    return [key for each in asked for key in _keys_of(each)]


def _keys_of(asked: str) -> list[VerifierKey]:
    if _KEY.fullmatch(asked):
        return [VerifierKey.parse(asked)]
    if not Path(asked).is_file():
        raise MalformedError(
            "malformed",
            f"{shown(asked)} is no key: a public half is written name+id+key, as `rights key show` prints it, or is in"
            " a file of such lines",
        )
    content = _read(Path(asked))
    if b"PRIVATE KEY-----" in content:
        raise MalformedError("malformed", f"{asked} is a private key; the public half is in {public_file(Path(asked))}")
    try:
        keys = [VerifierKey.parse(line.strip()) for line in content.decode().split("\n") if line.strip()]
    except UnicodeDecodeError:
        raise MalformedError("malformed", f"{asked} holds no verifier keys: it is no text") from None
    except LedgerError as error:
        raise MalformedError("malformed", f"{asked}: {error.message}") from None
    if not keys:
        raise MalformedError("malformed", f"{asked} holds no verifier key")
    return keys


def _read(file: Path) -> bytes:
    with file.open("rb") as stream:
        content = stream.read(MAX_KEY_BYTES + 1)
    if len(content) > MAX_KEY_BYTES:
        raise MalformedError("malformed", f"{file} is no key: it has more than {MAX_KEY_BYTES:,} bytes")
    return content


def _write(file: Path, content: bytes, mode: int) -> None:
    """Write a new file that is readable by those it is for from its first moment on."""
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(opened, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
