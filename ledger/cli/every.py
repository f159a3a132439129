"""A question to every ledger of a database: answered in processes, written ledger after ledger, never all in memory."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, NamedTuple

import typer

from ledger import clock
from ledger.answers import Answer
from ledger.backup.whole_file import folder_beside, publish, refuse_taken
from ledger.book import Book
from ledger.cli import parquet
from ledger.cli.render import complain, error_json, say, warn, way_out
from ledger.cli.streamed import csv_heading, csv_lines, error_line, json_lines
from ledger.domain.errors import DatabaseError, LedgerError, MalformedError, RefusedError
from ledger.projections.rows import Row
from ledger.proof.note import MissingLibraryError
from ledger.store.every_ledger import with_every_ledger
from ledger.store.log import Log

Named = Literal["series", "holder", "company"]
NAMED: tuple[Named, ...] = ("series", "holder", "company")
"""Options that choose rows by a name, which one ledger may know and another not."""


class Question(NamedTuple):
    """A question as it is told to other processes.

    ask: a function of a module, which they find by its name. row_type: of its answer. given: its options, by name, but
    for those that choose by a name. names: these. known: as of which state of knowledge. form: ``jsonl``, ``csv``,
    ``parquet``, or None for tables. now: the one instant at which all ledgers are asked.
    """

    ask: Callable[..., Answer[Any]]
    row_type: type[Row]
    given: Mapping[str, Any]
    names: Mapping[Named, str]
    known: Mapping[str, Any]
    form: str | None
    now: datetime


class Part(NamedTuple):
    """What one ledger answered.

    head: what it was asked of, and what proves it; None where it failed. content: ready to be written; for tables, the
    answer. knows: which of the names that were asked for it knows. error: why it failed.
    """

    head: Mapping[str, Any] | None
    content: bytes | Answer[Any]
    knows: frozenset[Named] = frozenset()
    error: LedgerError | None = None


Write = Callable[[str, Part], None]


def question_of(
    ask: Callable[..., Answer[Any]],
    row_type: type[Row],
    given: Mapping[str, Any],
    known: Mapping[str, Any],
    form: str | None,
) -> Question:
    """The question that a command line asks; today is the same day for all ledgers, even where midnight comes."""
    now = clock.now()
    names = {name: given[name] for name in NAMED if given.get(name) is not None}
    return Question(ask, row_type, {**given, **dict.fromkeys(names)}, names, known, form, now)


def answer_every(
    db: str,
    question: Question,
    show: Callable[[Answer[Any]], None],
    *,
    jobs: int | None,
    scheduler: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Ask every ledger, write what each answers, and tell of each that fails; the exit code is then the worst one's.

    show: prints one answer for a person. out: a new file, or None for standard output.

    Raises `DatabaseError`, `MalformedError`, `RefusedError` for a name that no ledger knows, `typer.Exit`.
    """
    _refuse_unwritable(question.form, out)
    _require_cluster(scheduler)
    failed: list[LedgerError] = []
    asked, knows = 0, frozenset[Named]()
    with (
        _writing(question, show, out) as write,
        closing(with_every_ledger(db, partial(asked_of, question), jobs=jobs, scheduler=scheduler)) as parts,
    ):
        for ledger, part in parts:
            asked, knows = asked + 1, knows | part.knows
            if part.error is not None:
                failed.append(part.error)
                _tell(ledger, part.error, as_json=as_json)
            write(ledger, part)
        for kind, name in question.names.items():
            if kind not in knows and not failed:
                raise RefusedError(
                    f"unknown-{kind}", f"{kind} {name} is not known on any day to any of the {asked:,} ledgers"
                )
    if failed:
        raise typer.Exit(max(error.exit_code for error in failed))


def asked_of(question: Question, log: Log, ledger: str) -> Part:
    """What one ledger answers, ready to be written; or why it cannot. Raises `DatabaseError`: then none can."""
    try:
        book = Book(log, ledger, now=lambda: question.now)
        answer = question.ask(book, question.known, **question.given)
        rows = answer.where(lambda row: all(getattr(row, kind) == name for kind, name in question.names.items()))
        knows = {kind for kind, name in question.names.items() if rows or name in book.names(kind)}
        return Part(rows.head(), _content(question, rows), frozenset(knows))
    except DatabaseError:
        raise
    except LedgerError as error:
        return Part(None, error_line(ledger, error) if question.form == "jsonl" else b"", error=error)


def _content(question: Question, answer: Answer[Any]) -> bytes | Answer[Any]:
    match question.form:
        case "jsonl":
            return json_lines(answer, why=question.known["why"])
        case "csv":
            return csv_lines(answer, question.row_type)
        case "parquet":
            return parquet.batch(answer, question.row_type)
        case _:
            return answer


def _refuse_unwritable(form: str | None, out: Path | None) -> None:
    if form is None and out is not None:
        raise MalformedError("malformed", "tables are for people: --out wants --format jsonl, csv or parquet")
    if form == "parquet":
        if out is None:
            raise MalformedError("malformed", "a Parquet file is not streamed to standard output: name it with --out")
        parquet.require()
    if out is not None:
        refuse_taken(out, replace=False, way_out="name a new file")


def _require_cluster(scheduler: str | None) -> None:
    """See that an address is one, and that the library is there."""
    if scheduler is None:
        return
    if not scheduler.startswith(("tcp://", "tls://")):
        raise MalformedError(
            "malformed", f"{scheduler} is no Dask scheduler's address: tcp://HOST:PORT, or tls:// of one that wants it"
        )
    if find_spec("distributed") is None:
        raise MissingLibraryError(
            "missing-library",
            "a Dask cluster needs the library distributed: pip install 'rights-ledger[dask]' installs it; --jobs needs"
            " nothing",
        )


@contextmanager
def _writing(question: Question, show: Callable[[Answer[Any]], None], out: Path | None) -> Iterator[Write]:
    """Where parts go; a file has its name only once all of it is written."""
    if question.form is None:
        yield _showing(show, is_narrowed=bool(question.names))
    elif out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(_beginning(question))
        yield lambda _, part: _write_bytes(sys.stdout.buffer.write, part)
        sys.stdout.buffer.flush()
    else:
        with folder_beside(out) as folder:
            made = folder / "answers"
            if question.form == "parquet":
                with parquet.ParquetFile(made, question.row_type) as file:
                    yield lambda ledger, part: _write_batch(file, ledger, part)
            else:
                with made.open("xb") as stream:
                    stream.write(_beginning(question))
                    yield lambda _, part: _write_bytes(stream.write, part)
            publish(made, out, replace=False)


def _beginning(question: Question) -> bytes:
    return csv_heading(question.row_type) if question.form == "csv" else b""


def _showing(show: Callable[[Answer[Any]], None], *, is_narrowed: bool) -> Write:
    """Print each ledger's tables; where rows are looked for by a name, only of ledgers that have such."""
    is_first = True

    def write(_: str, part: Part) -> None:
        nonlocal is_first
        if not isinstance(part.content, Answer) or (is_narrowed and not part.content):
            return
        if not is_first:
            say()
        is_first = False
        show(part.content)

    return write


def _write_bytes(write: Callable[[bytes], object], part: Part) -> None:
    if isinstance(part.content, bytes):
        write(part.content)


def _write_batch(file: parquet.ParquetFile, ledger: str, part: Part) -> None:
    if part.head is None:
        file.note({"ledger": ledger, "error": None if part.error is None else part.error.code})
    elif isinstance(part.content, bytes):
        file.note(part.head)
        file.add(part.content)


def _tell(ledger: str, error: LedgerError, *, as_json: bool) -> None:
    """Say on standard error which ledger failed, and why."""
    message = f"ledger {ledger}: {error.message}"
    if as_json:
        warn(error_json(error.code, message, error.line))
    else:
        complain(f"rights: {error.code}: {message}{way_out(error)}")
