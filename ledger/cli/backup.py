"""Keeping a whole database in a file, and putting it back."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from ledger.cli import options
from ledger.cli.render import print_json, tell
from ledger.domain.errors import DamagedError, EvidenceError, MalformedError
from ledger.opening import DEFAULT_URL


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup, a new file.")],
    *,
    portable: Annotated[
        bool,
        typer.Option(
            "--portable", help="As JSON Lines, for any kind of database; a backup of PostgreSQL is that always."
        ),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a backup, once the new one is checked.")] = False,
    db: options.Db = DEFAULT_URL,
    as_json: options.Json = False,
) -> None:
    """Keep the whole database in a file, as it is at one moment, while others go on recording; and check that file.

    Example: rights db backup rights-backup.db
    """
    from ledger.backup.making import back_up

    made = back_up(db, file, portable=portable, force=force)
    if as_json:
        print_json(made.to_dict())
        return
    for held in made.ledgers:
        tell(f"Ledger {held.ledger}: {held.size:,} entries, root {held.written_root}.")
    tell(f"{file} holds {_ledgers(len(made.ledgers))}; every entry was read again, and is in its place and lawful.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="BACKUP", help="A backup, in either form.")],
    *,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is recorded.")],
    actor: options.Actor = None,
    state: options.State = None,
    db: options.Db = DEFAULT_URL,
    as_json: options.Json = False,
) -> None:
    """Put the database back to what a backup holds; that it was done is recorded for ever.

    What was there is kept beside it. Restorations of which it lost the notes are
    noted again, as the last checkpoint tells of them. A PostgreSQL database must
    be new, or hold the beginning of what the backup holds.

    Example: rights db restore rights-backup.db --reason 'disk replaced'
    """
    from ledger.backup.restoring import put_back
    from ledger.signer import default_folder, memory_file

    folder = state
    if folder is None:
        with suppress(MalformedError):  # a user without a home has no states
            folder = default_folder()
    try:
        done = put_back(db, file, reason=reason, actor=actor, state=folder)
    except DamagedError as error:  # what is restored is damaged, not what it replaces
        raise EvidenceError(error.code, error.message) from error
    if as_json:
        print_json(done.to_dict())
        return
    for held in done.ledgers:
        replaced = held.restorations[-1].replaced_size
        before = "" if replaced is None else f", in place of {replaced:,}"
        tell(f"Ledger {held.ledger}: {held.size:,} entries{before}, root {held.written_root}.")
        count = done.remembered[held.ledger]
        if count and folder is not None:
            lost = "1 restoration" if count == 1 else f"{count:,} restorations"
            tell(f"{lost} of it that the database lost noted again, from {memory_file(folder, held.ledger)}.")
    tell(f"{_ledgers(len(done.ledgers))} restored from {file}, and that noted in the database.")
    if done.kept is not None:
        tell(f"What was there is in {done.kept}.")


def _ledgers(count: int) -> str:
    return "1 ledger" if count == 1 else f"{count:,} ledgers"
