"""The work of `rights verify`: the ledger, checkpoints of it that were kept elsewhere, and receipts."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from ledger.book import Book
from ledger.cli.render import print_json, say, tell
from ledger.domain.characters import shown
from ledger.domain.errors import DamagedError, DatabaseError, EvidenceError, LedgerError, MalformedError
from ledger.opening import open_ledger
from ledger.proof.checkpoint import Checkpoint, SignedCheckpoint, check_agreement
from ledger.proof.consistency import OLD, Consistency
from ledger.proof.note import BYTE_ORDER_MARK, VerifierKey, base64_of
from ledger.proof.receipt import MAX_RECEIPT_BYTES, Proved, Receipt
from ledger.proof.tree import Tree
from ledger.proof.verify import Verified
from ledger.signer import RESTORED, line_of
from ledger.store.restored import Restored
from ledger.store.sqlite_copy import file_of


class Outside(NamedTuple):
    """A checkpoint that was kept outside of the database.

    signed_by: names; None where nobody asked. proved: what the receipt proves that it stands in. proof: that it extends
    an older one, where it stands in such.
    """

    file: Path
    signed: SignedCheckpoint
    signed_by: list[str] | None
    proved: Proved | None = None
    proof: Consistency | None = None

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint alone."""
        return self.signed.checkpoint

    def to_dict(self) -> dict[str, Any]:
        """Return it as a JSON document."""
        found = self.checkpoint
        facts = {"file": str(self.file), "ledger": found.ledger, "size": found.size, "root": base64_of(found.root)}
        document = {**facts, "signed_by": self.signed_by, "extensions": list(found.extensions)}
        if self.proved is not None:
            document |= {"version": self.proved.version, "stored": json.loads(self.proved.entry)}
        return document

    def facts(self) -> str:
        """Say what it is of, and who signed it."""
        return f"root {base64_of(self.checkpoint.root)}; {self._signed()}"

    def _signed(self) -> str:
        if self.signed_by is not None:
            return f"signed by {', '.join(self.signed_by)}"
        if not self.signed.signatures:
            return "signed by nobody: anybody can have made it"
        return "who signed it was not checked: no --key"


def check(
    db: str,
    ledger: str | None,
    *,
    checkpoints: Sequence[Path],
    receipts: Sequence[Path],
    keys: Sequence[str],
    as_json: bool,
) -> None:
    """Check receipts by themselves, and the ledger against checkpoints; say what was proved, and what was not.

    The database is left alone where receipts alone are given. keys: as `read_keys` takes them.

    Raises `DamagedError` for the first that does not hold, `MalformedError`, `MissingLibraryError`, `OSError`.
    """
    known = _read_keys(keys)
    if known and not (checkpoints or receipts):
        raise MalformedError("malformed", "--key is for checkpoints and receipts, and none was given")
    alone = [_check_receipt(file, known) for file in receipts]
    outside = [_check_checkpoint(file, known) for file in checkpoints]
    check_agreement(each.checkpoint for each in (*alone, *outside))
    verified, restored = None, list[Restored]()
    if outside or not alone:
        with _opened(db, ledger, outside) as book:
            verified, restored = _verify(book, outside, alone), book.restorations()
            _check_proofs(book, outside)
    if as_json:
        print_json(_document(verified, restored, outside, alone))
        return
    for each in alone:
        _say_receipt(each)
    if verified is not None:
        _say_ledger(verified, restored, outside)


def check_every(db: str, *, jobs: int | None, as_json: bool) -> None:
    """Check every ledger of a database, say what was found of each, and fail with the first that is damaged.

    Raises `DamagedError`, `DatabaseError`.
    """
    from ledger.proof.every_ledger import verify_every

    damaged: list[DamagedError] = []
    documents = []
    for ledger, found in verify_every(db, jobs=jobs):
        if isinstance(found, DamagedError):
            damaged.append(DamagedError(found.code, f"ledger {ledger}: {found.message}"))
        else:
            documents.append({"ledger": ledger, "size": found.size, "root": base64_of(found.root), "damaged": False})
            if not as_json:
                tell(f"{ledger}: {entries(found.size)}, root {base64_of(found.root)}")
    if damaged:
        error = damaged[0]
        error.message += "" if len(damaged) == 1 else f"; {len(damaged)} ledgers are damaged"
        raise error
    if as_json:
        print_json({"damaged": False, "ledgers": documents})
    else:
        tell(f"{len(documents):,} {'ledger is' if len(documents) == 1 else 'ledgers are'} whole.")


def read_checkpoint(file: Path) -> SignedCheckpoint:
    """Read a checkpoint from a file. Raises `MalformedError`, `DamagedError`, `OSError`."""
    found = _read_checkpoint(file)
    return found.signed if isinstance(found, Consistency) else found


def entries(count: int) -> str:
    """So many entries, in words."""
    return f"{count:,} {'entry' if count == 1 else 'entries'}"


@contextmanager
def about(file: Path) -> Iterator[None]:
    """Say of which file an error is."""
    try:
        yield
    except LedgerError as error:
        error.message = f"{file}: {error.message}"
        raise


def _read_keys(asked: Sequence[str]) -> list[VerifierKey]:
    if not asked:
        return []
    from ledger.keyfile import read_keys

    for each in asked:
        _refuse_no_file(each)
    return read_keys(asked)


def _refuse_no_file(asked: str) -> None:
    """Refuse what can only be meant as a file of keys, and is none."""
    file = Path(asked)
    is_path = "+" not in asked and (os.sep in asked or file.suffix != "")
    if asked and file.is_dir():
        why = "it is a folder"
    elif is_path and not file.exists():
        why = "there is no such file"
    else:
        return
    raise MalformedError(
        "malformed",
        f"{shown(asked)} is no key: {why}; a public half is written name+id+key, as `rights key show` prints it, or is"
        " in a file of such lines",
    )


def _read(file: Path, most: int) -> bytes:
    """The content of a file, or so much of it that it is known to be too long."""
    with file.open("rb") as stream:
        return stream.read(most + 1)


def _read_checkpoint(file: Path) -> SignedCheckpoint | Consistency:
    """What is in a file: a checkpoint, or a proof that it extends an older one."""
    with about(file):
        content = _read(file, MAX_RECEIPT_BYTES)
        if content.removeprefix(BYTE_ORDER_MARK).startswith(OLD.encode()):
            return Consistency.parse(content)
        return SignedCheckpoint.parse(content)


def _check_receipt(file: Path, keys: Sequence[VerifierKey]) -> Outside:
    with about(file):
        found = Receipt.parse(_read(file, MAX_RECEIPT_BYTES))
        proved = found.check(keys)
    return Outside(file, found.signed, _names(proved.signed_by, keys), proved)


def _check_checkpoint(file: Path, keys: Sequence[VerifierKey]) -> Outside:
    found = _read_checkpoint(file)
    proof = found if isinstance(found, Consistency) else None
    signed = found.signed if isinstance(found, Consistency) else found
    with about(file):
        return Outside(file, signed, _names(signed.signers(keys), keys), proof=proof)


def _opened(db: str, ledger: str | None, checkpoints: Sequence[Outside]) -> Book:
    """The ledger that was asked for, else the one that the checkpoints are of, which must be there."""
    of = checkpoints[0] if checkpoints else None
    try:
        return open_ledger(db, ledger if ledger is not None or of is None else of.checkpoint.ledger)
    except (MalformedError, DatabaseError) as error:
        if of is None or ledger not in {None, of.checkpoint.ledger} or not _is_gone(db, error):
            raise
        what = error.message.partition("; `rights init")[0].partition(": `rights init")[0]
        raise DamagedError(
            "damaged",
            f"{of.file} is a checkpoint of {entries(of.checkpoint.size)} of ledger {of.checkpoint.ledger}; {what}",
        ) from None


def _is_gone(db: str, error: MalformedError | DatabaseError) -> bool:
    """Whether a database is there, and what a checkpoint is of is not in it any more."""
    if isinstance(error, MalformedError):
        return True
    file = file_of(db) if error.code in {"no-database", "database"} else None
    return file is not None and file.is_file()


def _names(signers: Iterable[VerifierKey], keys: Sequence[VerifierKey]) -> list[str] | None:
    return [each.name for each in signers] if keys else None


def _verify(book: Book, checkpoints: Sequence[Outside], receipts: Sequence[Outside]) -> Verified:
    """Check the ledger against checkpoints, which are of it, and the receipts that are of it, too."""
    for each in checkpoints:
        if each.checkpoint.ledger != book.ledger:
            raise EvidenceError(
                "damaged",
                f"{each.file} is a checkpoint of ledger {each.checkpoint.ledger}, not of ledger {book.ledger}",
            )
    for each in checkpoints:
        _check_restorations(each, book.restorations())
    ours = [each for each in (*checkpoints, *receipts) if each.checkpoint.ledger == book.ledger]
    try:
        return book.verify([each.checkpoint for each in ours])
    except DamagedError as error:
        error.message = _with_its_file(error.message, ours)
        restored = list[Restored]()
        with suppress(LedgerError):
            restored = book.restorations() if ours else []
        if not restored:
            raise
        then = f"The ledger was restored at {restored[-1].restored_at} to {entries(restored[-1].size)}"
        raise EvidenceError(
            "damaged", f"{error.message}. {then}; it extends no checkpoint of what was lost then"
        ) from error


def _check_proofs(book: Book, outside: Sequence[Outside]) -> None:
    """What a proof says that its checkpoint extends must be what the ledger, which begins with that, had then."""
    proofs = [(each.file, each.proof) for each in outside if each.proof is not None]
    tree = book.tree() if proofs else Tree()
    for file, proof in proofs:
        with about(file):
            proof.check(Checkpoint(proof.signed.checkpoint.origin, proof.old, tree.root(proof.old)))


def _with_its_file(message: str, outside: Sequence[Outside]) -> str:
    """A sentence about a checkpoint, of which it tells the root or the size, with the file that it is in."""
    for each in outside:
        found = each.checkpoint
        if any(it in message for it in (f"root was {base64_of(found.root)}", f"were {found.size:,} entries when a")):
            return message.replace("a checkpoint was made", f"the checkpoint in {each.file} was made")
    return message


def _check_restorations(outside: Outside, restored: Sequence[Restored]) -> None:
    """The restorations that a checkpoint told of must be there still, and the first."""
    told = [line for line in outside.checkpoint.extensions if line.startswith(RESTORED)]
    if told != list(map(line_of, restored))[: len(told)]:
        raise DamagedError(
            "damaged",
            f"{outside.file} tells of {len(told)} restorations of ledger {outside.checkpoint.ledger}, and the database"
            " notes others",
        )


def _document(
    verified: Verified | None, restored: Sequence[Restored], checkpoints: Sequence[Outside], receipts: Sequence[Outside]
) -> dict[str, Any]:
    """The answer as a JSON document; nothing about the ledger where only receipts were checked."""
    found: dict[str, Any] = {"ledger": None, "version": None, "size": None, "root": None}
    if verified is not None:
        root = base64_of(verified.root)
        found = {"ledger": verified.ledger, "version": verified.size, "size": verified.size, "root": root}
    return {
        **found,
        "damaged": False,
        "restorations": [
            {**each._asdict(), "root": base64_of(each.root), "replaced_root": _root(each)} for each in restored
        ],
        "checkpoints": [each.to_dict() for each in checkpoints],
        "receipts": [each.to_dict() for each in receipts],
    }


def _root(restored: Restored) -> str | None:
    return None if restored.replaced_root is None else base64_of(restored.replaced_root)


def _say_receipt(each: Outside) -> None:
    if each.proved is not None:
        said = f"version {each.proved.version} of ledger {each.proved.ledger} is one of {entries(each.proved.size)}"
        tell(f"{each.file}: {said}, {each.facts()}.")
        say(each.proved.entry.decode())


def _say_ledger(verified: Verified, restored: Sequence[Restored], checkpoints: Sequence[Outside]) -> None:
    tell(
        f"Ledger {verified.ledger} is whole: {entries(verified.size)}, each in its place, unchanged in itself, and"
        " lawful."
    )
    for each in checkpoints:
        tell(f"It begins with the {entries(each.checkpoint.size)} of {each.file}, {each.facts()}.")
    if not checkpoints:
        tell("Not proved without --checkpoint: that its owner did not write all of it anew, in a lawful way.")
    for at in restored:
        tell(f"It was restored at {at.restored_at} by {at.actor} to {entries(at.size)}: {at.reason}")
    tell(f"{entries(verified.size)}, root {base64_of(verified.root)}")
