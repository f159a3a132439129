"""Proving that nobody changes the past: keys, checkpoints, receipts, and checking them."""

from pathlib import Path
from typing import Annotated, Final

import typer
from click.core import ParameterSource

from ledger.cli import options
from ledger.cli.commands import PROVE
from ledger.cli.render import print_json, say, tell
from ledger.domain.errors import MalformedError
from ledger.opening import DEFAULT_URL

DEFAULT_KEY: Final = Path("rights.key")

SigningKeyFile = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", envvar="RIGHTS_KEY", help="The private key to sign with; default: unsigned."),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="A new file; default: standard output.", rich_help_panel=options.OUTPUT),
]


def add(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("verify", rich_help_panel=PROVE)(verify)
    app.command("checkpoint", rich_help_panel=PROVE)(checkpoint)
    app.command("receipt", rich_help_panel=PROVE)(receipt)
    keys = typer.Typer(help="Keys to sign checkpoints with.", no_args_is_help=True)
    keys.command("new")(new_key)
    keys.command("show")(show_key)
    app.add_typer(keys, name="key", rich_help_panel=PROVE)
    app.command("checker", rich_help_panel=PROVE)(checker)


def verify(
    context: typer.Context,
    *,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option("--checkpoint", metavar="FILE", help="The ledger must extend this checkpoint; any number."),
    ] = None,
    receipt: Annotated[
        list[Path] | None,
        typer.Option(
            "--receipt", metavar="FILE", help="Check this receipt, without the database if nothing else; any number."
        ),
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option("--key", metavar="VKEY|FILE", help="Who may have signed them: a public half; any number."),
    ] = None,
    all_ledgers: Annotated[
        bool,
        typer.Option("--all-ledgers", help="Check every ledger of the database.", rich_help_panel=options.DATABASE),
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", metavar="N", min=1, help="With --all-ledgers: processes; default: as many as make it faster."
        ),
    ] = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
) -> None:
    """Check that every stored entry is whole, in its place, and lawful; and that the ledger is what it once was.

    Example: rights verify --checkpoint first.checkpoint --key rights.key.pub
    """
    from ledger.cli.checking import check, check_every

    if jobs is not None and not all_ledgers:
        raise MalformedError("malformed", "--jobs is for --all-ledgers: one ledger is checked by one process")
    if all_ledgers:
        if given := _given(context, "ledger", "checkpoint", "receipt", "key"):
            raise MalformedError(
                "malformed",
                f"--all-ledgers checks every ledger against itself, and {given} is for one: leave out the one or the"
                " other",
            )
        check_every(db, jobs=jobs, as_json=as_json)
        return
    given = _given(context, "db", "ledger")
    if given and receipt and not checkpoint:
        raise MalformedError(
            "malformed",
            f"{given} says where a ledger is, and a receipt is checked without it: leave it out, or add --checkpoint",
        )
    check(db, ledger, checkpoints=checkpoint or (), receipts=receipt or (), keys=key or (), as_json=as_json)


def _given(context: typer.Context, *names: str) -> str | None:
    """The first of some options that was given on the command line, not by a variable."""
    for name in names:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            return f"--{name}"
    return None


def new_key(
    *,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="Whose key it is; default: user@host.")
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="The private key, a new file; beside it FILE.pub.")
    ] = DEFAULT_KEY,
    as_json: options.Json = False,
) -> None:
    """Make a key to sign checkpoints with: the private half is for nobody else, the public half for whoever checks.

    The file is encrypted where RIGHTS_KEY_PASSPHRASE is set.

    Example: rights key new --name hr@example.com
    """
    from ledger.keyfile import claimed_name, make_key, public_file

    key = make_key(out, claimed_name() if name is None else name)
    if as_json:
        print_json({"file": str(out), "public_file": str(public_file(out)), "name": key.name, "key": key.text})
        return
    tell(f"{out} signs as {key.name}: keep it from others, and away from the database.")
    tell(f"{public_file(out)} checks what it signed: give it to whoever is to check.")
    say(key.text)


def show_key(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="The private key, or its public half; default: --key, or rights.key."),
    ] = None,
    *,
    key: Annotated[
        Path, typer.Option("--key", metavar="FILE", envvar="RIGHTS_KEY", help="The same.", show_default=False)
    ] = DEFAULT_KEY,
    as_json: options.Json = False,
) -> None:
    """Show the public half of a key, which `rights verify --key` takes.

    Example: rights key show rights.key
    """
    from ledger.keyfile import read_public

    found = read_public(key if file is None else file)
    if as_json:
        print_json({"name": found.name, "id": found.key_id.hex(), "key": found.text})
    else:
        say(found.text)


def checkpoint(
    *,
    key: SigningKeyFile = None,
    extends: Annotated[
        Path | None,
        typer.Option("--extends", metavar="FILE", help="Begin with a proof that it extends this older checkpoint."),
    ] = None,
    state: options.State = None,
    out: Out = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
) -> None:
    """Write how many entries there are, and the root of the tree over them: kept elsewhere, it pins down the past.

    Example: rights checkpoint --key rights.key --out first.checkpoint
    """
    from ledger.cli.issuing import Order, give_checkpoint

    give_checkpoint(Order(db, ledger, key, state, out, as_json), extends)


def receipt(
    version: Annotated[int, typer.Argument(metavar="VERSION", min=1, max=2**53 - 1, help="The entry's.")],
    *,
    key: SigningKeyFile = None,
    state: options.State = None,
    out: Out = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
) -> None:
    """Write an entry, the proof that it is in the ledger, and a checkpoint: it can be checked without the database.

    Example: rights receipt 3 --key rights.key --out entry-3.tlog-proof
    """
    from ledger.cli.issuing import Order, give_receipt

    give_receipt(Order(db, ledger, key, state, out, as_json), version)


def checker(*, out: Out = None, as_json: options.Json = False) -> None:
    """Give the standalone checker, for whoever trusts neither this program nor this machine.

    It is one file of Python that can be read in a sitting; it checks receipts, checkpoints and exports by itself.

    Example: rights checker --out standalone.py
    """
    from ledger.cli.issuing import give_checker

    give_checker(out, as_json=as_json)
