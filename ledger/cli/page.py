"""`rights report` and `rights serve`: the page of a ledger, as a file and live."""

import errno
import gc
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from ledger.cli import options
from ledger.cli.commands import ASK
from ledger.cli.render import print_json, say, tell
from ledger.domain.strict_json import malformed
from ledger.opening import DEFAULT_URL, open_ledger
from ledger.reports.language import spoken

if TYPE_CHECKING:
    from ledger.reports.language import Language
    from ledger.reports.server import Answer, Server

_BEGINS: Final = {"page": (b"<!doctype html>",), "PDF": (b"%PDF-",)}
_DEFAULT_PORT: Final = 8765

OpensAt = Annotated[
    date | None,
    typer.Option(
        "--as-of", metavar="DAY", parser=options.read_day, help="The day the page opens at; default: today in Japan."
    ),
]


def add(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("report", rich_help_panel=ASK)(report)
    app.command("serve", rich_help_panel=ASK)(serve)


def report(
    *,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write the page, a new file.", rich_help_panel=options.OUTPUT),
    ] = None,
    pdf: Annotated[
        Path | None,
        typer.Option(
            "--pdf",
            metavar="FILE",
            help="Print it by the Chromium on the PATH, a new file.",
            rich_help_panel=options.OUTPUT,
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a page that is there.", rich_help_panel=options.OUTPUT)
    ] = False,
    ids_only: options.IdsOnly = False,
    lang: options.Lang = "en",
    as_of: OpensAt = None,
    known_at: options.KnownAt = None,
    known_version: options.KnownVersion = None,
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
) -> None:
    """Write the ledger as one page that needs nothing beside it: every day of its life, with charts and a search.

    Example: rights report --html page.html
    """
    files = {"page": html, "PDF": pdf}
    _refuse_no_page(files, force=force)
    from ledger.reports.live import page_of

    with spoken(lang), open_ledger(db, ledger) as book:
        page = page_of(book, as_of, known_at=known_at, known_version=known_version, ids_only=ids_only)
    _write(page, html, pdf, replace=force)
    if as_json:
        print_json({"html": None if html is None else str(html), "pdf": None if pdf is None else str(pdf)})
        return
    for what, file in files.items():
        if file is not None:
            tell(f"{file} holds the {what}.")


def _refuse_no_page(files: dict[str, Path | None], *, force: bool) -> None:
    """Refuse files that cannot be written, before anything is asked.

    Raises `MalformedError`.
    """
    from ledger.backup.whole_file import refuse_other, refuse_taken

    given = {what: file for what, file in files.items() if file is not None}
    if not given:
        malformed("nothing is to be written: name a file with --html, with --pdf, or with both")
    if len({file.resolve() for file in given.values()}) < len(given):
        malformed("--html and --pdf name one file; they are two")
    for what, file in given.items():
        refuse_taken(file, replace=force, way_out="--force replaces it")
        refuse_other(file, _BEGINS[what], what)
    if "PDF" in given:
        from ledger.reports.printing import browser

        browser()


def _write(page: str, html: Path | None, pdf: Path | None, *, replace: bool) -> None:
    """Write the files, each whole or not at all; none where the page cannot be printed."""
    from ledger.backup.whole_file import folder_beside, publish

    if pdf is not None:
        from ledger.reports.printing import print_pdf

        with folder_beside(pdf) as folder:
            printed = folder / "page.pdf"
            print_pdf(_put_into(folder, page), printed, folder)
            publish(printed, pdf, replace=replace)
    if html is not None:
        with folder_beside(html) as folder:
            publish(_put_into(folder, page), html, replace=replace)


def _put_into(folder: Path, page: str) -> Path:
    made = folder / "page.html"
    made.write_text(page, encoding="utf-8")
    return made


def serve(
    *,
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65_535, help="The port; 0 takes one that is free.")
    ] = _DEFAULT_PORT,
    ids_only: options.IdsOnly = False,
    lang: options.Lang = "en",
    db: options.Db = DEFAULT_URL,
    ledger: options.LedgerId = None,
    as_json: options.Json = False,
) -> None:
    """Show the page live to the browsers of this machine, at 127.0.0.1 alone, until Ctrl-C.

    Example: rights serve --port 8765
    """
    from ledger.reports.live import answers

    with open_ledger(db, ledger) as book:
        name = book.ledger
    server = _bound(port, answers(db, name, lang, ids_only=ids_only), lang)
    gc.enable()  # a command lives a second; this one stays
    with server, suppress(KeyboardInterrupt):
        if as_json:
            print_json({"ledger": name, "url": server.url})
        else:
            say(f"The ledger {name} is at {server.url} until Ctrl-C.")
        sys.stdout.flush()  # whoever waits for the address has it now
        server.serve_forever(poll_interval=0.2)


def _bound(port: int, answer: "Answer", language: "Language") -> "Server":
    from ledger.reports.server import HOST, Server

    try:
        return Server(port, answer, language)
    except OSError as error:
        taken: dict[Any, str] = {
            errno.EADDRINUSE: "is in use",
            errno.EACCES: "is not for everybody",
        }
        if error.errno not in taken:
            raise
        malformed(f"port {port} of {HOST} {taken[error.errno]}: name another with --port, or 0 for any that is free")
