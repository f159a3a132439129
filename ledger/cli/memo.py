"""`rights value --memo`: the page about a price, as a file."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from ledger.cli import options
from ledger.cli.render import tell
from ledger.cli.valuing import needed
from ledger.domain.strict_json import malformed
from ledger.reports.cells import Yen

if TYPE_CHECKING:
    from ledger.valuation.black_scholes import Inputs
    from ledger.valuation.memo import Facts

_BEGINS: Final = (b"<!doctype html>",)


def memo_options(
    *,
    memo: Annotated[
        Path | None,
        typer.Option(
            "--memo",
            metavar="FILE",
            help="Also write a page with each step, the sensitivity and charts: HTML, a new file.",
            rich_help_panel=options.OUTPUT,
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a memo that is there.", rich_help_panel=options.OUTPUT)
    ] = False,
) -> None:
    """Carry the options of a memo."""


def refuse_no_memo(file: Path | None, *, force: bool) -> None:
    """Refuse a memo that cannot be written, before anything is reckoned.

    Raises `MalformedError`.
    """
    from ledger.backup.whole_file import refuse_other, refuse_taken

    if file is None:
        if force:
            malformed("--force replaces a memo: name it with --memo")
        return
    refuse_taken(file, replace=force, way_out="--force replaces it")
    refuse_other(file, _BEGINS, "memo")


def facts_given(inputs: "Inputs", given: Mapping[str, Any]) -> "Facts":
    """What a memo tells of figures from the command line. given: the options, by their names."""
    from ledger.clock import today
    from ledger.valuation.memo import Facts

    price = given["price"]
    implied = {} if price is None else {"volatility": f"implied by an option price of {Yen(price)} a share"}
    return Facts(
        inputs=inputs,
        shares_per_right=needed(given, "shares_per_right")["shares_per_right"],
        rounding=given["rounding"],
        made_on=today(),
        sources=implied,
    )


def write_memo(file: Path, facts: "Facts", *, force: bool, as_json: bool) -> None:
    """Write a memo, whole or not at all, and say so where a person reads."""
    from ledger.backup.whole_file import folder_beside, publish
    from ledger.valuation.memo import memo

    page = memo(facts).encode()
    with folder_beside(file) as folder:
        made = folder / "memo"
        made.write_bytes(page)
        publish(made, file, replace=force)
    if not as_json:
        tell(f"{file} holds the memo.")
