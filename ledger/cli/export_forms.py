"""The forms in which a ledger is written for others, and what is said of each file."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, NamedTuple

from ledger import clock
from ledger.book import Book
from ledger.domain.errors import MalformedError
from ledger.proof.tree import Range

HASHED_AT_ONCE: Final = 256

Form = Literal["jsonl", "parquet", "sqlite", "ocf", "jocf"]

BY_ENDING: Final[Mapping[str, Form]] = {
    ".parquet": "parquet", ".sqlite": "sqlite", ".sqlite3": "sqlite", ".jocf.zip": "jocf", ".ocf.zip": "ocf",
}  # fmt: skip
"""What a file is by its name, where no option says so; every other name is one of JSON Lines."""

LOGS: Final = frozenset({"jsonl", "parquet"})
"""Forms that hold the log alone, which is of no day; the others hold what follows from it."""

PACKAGES: Final = frozenset({"ocf", "jocf"})


class Asked(NamedTuple):
    """What was asked of an export besides its form."""

    as_of: date | None
    known_at: date | datetime | None
    known_version: int | None
    ids_only: bool
    without_log: bool

    def given(self) -> list[str]:
        """The options that were given, as they are written."""
        return [f"--{name.replace('_', '-')}" for name, value in self._asdict().items() if value not in {None, False}]


class Told(NamedTuple):
    """What is said of a file that was written. sentence: what follows its name and the ledger's."""

    document: Mapping[str, object]
    sentence: str


def form_of(wanted: Mapping[Form, bool], file: Path | None) -> Form:
    """The form that was asked for, or that the name of the file says. Raises `MalformedError` for more than one."""
    asked = [form for form, is_wanted in wanted.items() if is_wanted]
    if len(asked) > 1:
        raise MalformedError("malformed", f"a file has one form: --{' or --'.join(asked)}")
    if asked:
        return asked[0]
    name = "" if file is None else file.name.lower()
    return next((form for ending, form in BY_ENDING.items() if name.endswith(ending)), "jsonl")


def refuse_unsaid(form: Form, asked: Asked) -> None:
    """Refuse options that say nothing of a form. Raises `MalformedError`."""
    if form in PACKAGES:
        return
    for option in asked.given():
        if option in {"--ids-only", "--without-log"}:
            raise MalformedError("malformed", f"{option} is of packages, --ocf and --jocf: --{form} names nobody")
        if form in LOGS:
            raise MalformedError(
                "malformed",
                f"{option} says nothing of --{form}: it holds all entries, of every day; --sqlite, --ocf and --jocf"
                " hold what follows from them as of a day",
            )


def publish_export(book: Book, form: Form, file: Path, asked: Asked, *, force: bool) -> Told:
    """Make a file beside, and give it its name when it is whole.

    Raises `MalformedError` where the name is taken; with `force` only by what is no export of this form.
    """
    from ledger.backup.whole_file import folder_beside, publish, refuse_taken

    refuse_taken(file, replace=force, way_out="--force replaces it")
    _refuse_other(form, file)
    with folder_beside(file) as folder:
        made = folder / "export"
        told = _WRITERS[form](book, made, asked)
        publish(made, file, replace=force)
    return told


def _refuse_other(form: Form, file: Path) -> None:
    """Refuse to replace what is no export of this form: a database of ledgers is an SQLite file, too."""
    from ledger.backup.whole_file import refuse_other

    if form in LOGS:
        refuse_other(file, (b"PAR1",) if form == "parquet" else (b'{"actor":',), "export")
    elif file.is_file() and file.stat().st_size and not _is_one(form, file):
        raise MalformedError("malformed", f"{file} is no export, and is not replaced: name another file")


def _is_one(form: Form, file: Path) -> bool:
    if form == "sqlite":
        from ledger.exchange.sqlite_writing import is_export

        return is_export(file)
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(file) as package:
            return any(name.endswith(f".{form}.json") for name in package.namelist())
    except (BadZipFile, OSError):
        return False


def _write_jsonl(book: Book, file: Path, asked: Asked) -> Told:
    del asked
    with file.open("xb") as stream:
        tree = write_lines(book.export(), stream)
    return _of_log(tree.size, b64encode(tree.root()).decode())


def _write_parquet(book: Book, file: Path, asked: Asked) -> Told:
    from ledger.exchange.parquet_writing import write_parquet

    del asked
    logged = write_parquet(book, file)
    return _of_log(logged.size, logged.root)


def _write_sqlite(book: Book, file: Path, asked: Asked) -> Told:
    from ledger.exchange.sqlite_writing import write_sqlite

    day = asked.as_of or clock.today()
    logged = write_sqlite(book, file, as_of=day, known_at=asked.known_at, known_version=asked.known_version)
    told = _of_log(logged.size, logged.root)
    return Told({"as_of": day.isoformat(), **told.document}, f" as of {day}{told.sentence}")


def _of_log(size: int, root: str) -> Told:
    return Told({"size": size, "root": root}, f": {size:,} entries, root {root}")


def _write_ocf(book: Book, file: Path, asked: Asked) -> Told:
    from ledger.exchange.packages.ocf_writing import write_ocf

    return _write_package(write_ocf, book, file, asked)


def _write_jocf(book: Book, file: Path, asked: Asked) -> Told:
    from ledger.exchange.packages.jocf_writing import write_jocf

    return _write_package(write_jocf, book, file, asked)


def _write_package(write: Callable[..., Any], book: Book, file: Path, asked: Asked) -> Told:
    day = asked.as_of or clock.today()
    written = write(
        book,
        file,
        as_of=day,
        generated_at=clock.now(),
        known_at=asked.known_at,
        known_version=asked.known_version,
        ids_only=asked.ids_only,
        sidecar=not asked.without_log,
    )
    files = "1 file" if len(written.files) == 1 else f"{len(written.files)} files"
    objects = "1 object" if written.objects == 1 else f"{written.objects:,} objects"
    log = "without its entries" if asked.without_log else f"with its {written.entries:,} entries beside"
    return Told(
        {"as_of": day.isoformat(), "files": written.files, "objects": written.objects, "entries": written.entries},
        f" as of {day}: {objects} in {files}, {log}",
    )


_WRITERS: Final[Mapping[Form, Callable[[Book, Path, Asked], Told]]] = {
    "jsonl": _write_jsonl,
    "parquet": _write_parquet,
    "sqlite": _write_sqlite,
    "ocf": _write_ocf,
    "jocf": _write_jocf,
}


def write_lines(lines: Iterable[bytes], stream: BinaryIO) -> Range:
    """Write lines, and return the tree over them."""
    from ledger.exchange.log_columns import groups

    tree = Range()
    for part in groups(lines, HASHED_AT_ONCE):
        stream.writelines(line + b"\n" for line in part)
        tree = tree.extended(part)
    return tree
