"""The work of `rights checkpoint`, `rights receipt` and `rights checker`: what is issued, and where it is put."""

import sys
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from ledger.backup.whole_file import folder_beside, publish, refuse_taken
from ledger.book import Book
from ledger.cli.checking import about, entries, read_checkpoint
from ledger.cli.render import print_json, tell
from ledger.domain.characters import shown
from ledger.domain.errors import DamagedError, DatabaseError, EvidenceError
from ledger.opening import open_ledger
from ledger.proof.checkpoint import Checkpoint, SignedCheckpoint
from ledger.proof.consistency import Consistency
from ledger.proof.note import SigningKey, base64_of
from ledger.proof.receipt import Receipt
from ledger.proof.tree import Tree
from ledger.signer import Issued, Log, default_folder, issue


class Order(NamedTuple):
    """How something is issued.

    db, ledger: of what. key: the private key, or None for no signature. state: where it is remembered, or None for
    where this user keeps states. out: a new file, or None for standard output.
    """

    db: str
    ledger: str | None
    key: Path | None
    state: Path | None
    out: Path | None
    as_json: bool


def give_checkpoint(order: Order, extends: Path | None) -> None:
    """Issue the checkpoint of a ledger as it is now; with a proof that it extends an older one, where that is given."""
    signing = _read_key(order.key)
    before = None if extends is None else read_checkpoint(extends)
    _refuse_taken(order.out)
    with open_ledger(order.db, order.ledger) as book:
        if before is not None and before.checkpoint.ledger != book.ledger:
            raise EvidenceError(
                "damaged", f"{extends} is of ledger {shown(before.checkpoint.ledger)}, and this is ledger {book.ledger}"
            )
        signed, tree = _issue(book, order, signing)
    content = signed.rendered()
    if before is not None and extends is not None:
        with about(extends):
            content = _extending(before.checkpoint, tree, signed)
    _deliver(content, order, signed, {"checkpoint": content.decode()})


def _extending(before: Checkpoint, tree: Tree, signed: SignedCheckpoint) -> bytes:
    """A checkpoint with the proof that it extends an older one."""
    try:
        return Consistency.proving(before, tree, signed).rendered()
    except DamagedError as error:
        now = signed.checkpoint
        if before.origin == now.origin and len(now.extensions) > len(before.extensions):
            error.message = (
                f"ledger {now.ledger} was restored since, to fewer or other entries than the"
                f" {entries(before.size)} of this checkpoint, and cannot extend it"
            )
        raise


def give_receipt(order: Order, version: int) -> None:
    """Issue a receipt of an entry, under a checkpoint of the ledger as it is now."""
    signing = _read_key(order.key)
    _refuse_taken(order.out)
    with open_ledger(order.db, order.ledger) as book:
        entry = book.stored(version)
        signed, tree = _issue(book, order, signing)
    found = Receipt(entry, version - 1, tuple(tree.inclusion(version - 1, tree.size)), signed)
    found.check()
    content = found.rendered()
    _deliver(content, order, signed, {"version": version, "receipt": content.decode()})


def give_checker(out: Path | None, *, as_json: bool) -> None:
    """Give the standalone checker."""
    content = (resources.files("ledger.proof") / "standalone.py").read_bytes()
    _refuse_taken(out)
    _write(content, out, is_shown=not as_json)
    if as_json:
        print_json({"file": None if out is None else str(out), "checker": content.decode()})
    elif out is not None:
        tell(f"{out} is the checker; python3 {out} --help says what it checks.")


def _read_key(file: Path | None) -> SigningKey | None:
    if file is None:
        return None
    from ledger.keyfile import read_key

    return read_key(file)


def _issue(book: Book, order: Order, key: SigningKey | None) -> Issued:
    def read() -> Log:
        restored = book.restorations()
        tree = book.tree()
        if book.restorations() != restored:
            raise DatabaseError("database-busy", f"ledger {book.ledger} was restored meanwhile; try again")
        return Log(tree, restored)

    return issue(default_folder() if order.state is None else order.state, book.ledger, read, key)


def _refuse_taken(out: Path | None) -> None:
    if out is not None:
        refuse_taken(out, replace=False, way_out="name a new file")


def _deliver(content: bytes, order: Order, signed: SignedCheckpoint, more: dict[str, Any]) -> None:
    """Write what was issued, and say what it is, unless it is itself what is printed."""
    out = order.out
    _write(content, out, is_shown=not order.as_json)
    found, signers = signed.checkpoint, [each.name for each in signed.signatures]
    root = base64_of(found.root)
    if order.as_json:
        facts = {"ledger": found.ledger, "size": found.size, "root": root, "signed_by": signers}
        print_json({**facts, "file": None if out is None else str(out), **more})
    elif out is not None:
        tell(f"{out} is of ledger {found.ledger}, signed by {', '.join(signers) or 'nobody'}.")
        tell(f"{entries(found.size)}, root {root}")


def _write(content: bytes, out: Path | None, *, is_shown: bool) -> None:
    if out is not None:
        with folder_beside(out) as folder:
            made = folder / "made"
            made.write_bytes(content)
            publish(made, out, replace=False)
    elif is_shown:
        sys.stdout.buffer.write(content)
