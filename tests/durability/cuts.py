"""Cutting the power at any moment of a life, and looking at what is there when it is back."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple, Self

from ledger import Book, DatabaseError, LedgerError, MalformedError, open_ledger
from ledger.store import open_log
from ledger.store.log import Log
from ledger.store.migrate import upgrade
from tests.durability.disk import WAYS, Way, after_a_cut
from tests.durability.life import LEDGER, NAME, NOT_MADE, Life, Settings, appointment, live, make, now, url
from tests.durability.machine import Machine

HEADER = b"SQLite format 3\x00"
JUNK = Random(0).randbytes(32_768)
MOST_ENTRIES = 80
"""A chain of lives begins anew with an empty ledger when it has so many."""


class Verdict(NamedTuple):
    """acknowledged, lost: entries. extra: entries found that nobody acknowledged. trouble: what else is bad, or ""."""

    acknowledged: int
    lost: int
    extra: int
    trouble: str


class Figures(NamedTuple):
    """What many cuts came to: lives, cuts, cuts that lost acknowledged entries, cuts after which one batch more was
    there than acknowledged, entries acknowledged at all cuts together and lost, and the first troubles."""

    lives: int = 0
    cuts: int = 0
    cuts_with_loss: int = 0
    cuts_with_more: int = 0
    acknowledged: int = 0
    lost: int = 0
    troubles: tuple[str, ...] = ()

    def with_verdict(self, verdict: Verdict, where: str) -> Self:
        return self._replace(
            cuts=self.cuts + 1,
            cuts_with_loss=self.cuts_with_loss + (verdict.lost > 0),
            cuts_with_more=self.cuts_with_more + (verdict.extra > 0),
            acknowledged=self.acknowledged + verdict.acknowledged,
            lost=self.lost + verdict.lost,
            troubles=(*self.troubles, f"{where}: {verdict.trouble}")[:5] if verdict.trouble else self.troubles,
        )


def leave(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make these the files of a folder."""
    folder.mkdir(exist_ok=True)
    for file in folder.iterdir():
        file.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)


def cut(life: Life, done: int, way: Way, chance: Random) -> dict[str, bytes]:
    """Files that are left when the power is cut after so many operations."""
    files = after_a_cut(life.found, life.operations[:done], way, chance)
    if chance.random() < 0.25:
        # Memory that was shared is a file too. It is worth nothing without the processes that shared it.
        files[f"{NAME}-shm"] = JUNK
    return files


def look(life: Life, done: int, files: Mapping[str, bytes], folder: Path) -> Verdict:
    """Open what is left with the program and its usual driver, hold it against the life, and record in it again."""
    acknowledged = life.acknowledged(done)
    leave(folder, files)
    stored: list[bytes] = []
    try:
        with _opened(folder, is_made=acknowledged != NOT_MADE) as (log, book):
            stored.extend(log.read(LEDGER))
            trouble = _trouble(life, acknowledged, stored)
            book.verify()
            again = book.record([appointment(len(stored) + 1)], actor="hr")
            if again.version != len(stored) + 1:
                trouble = trouble or f"the next entry got version {again.version} after {len(stored)}"
        trouble = trouble or _flaw(folder)
    except (LedgerError, sqlite3.Error) as error:
        trouble = str(error)
    acknowledged = max(0, acknowledged)
    kept = sum(ours == theirs for ours, theirs in zip(life.entries[:acknowledged], stored, strict=False))
    return Verdict(acknowledged, acknowledged - kept, max(0, len(stored) - acknowledged), trouble)


@contextmanager
def _opened(folder: Path, *, is_made: bool) -> Iterator[tuple[Log, Book]]:
    if not is_made:
        # Whoever was not told that it is made may ask, which must not harm, and then makes it.
        try:
            open_ledger(url(folder), LEDGER).close()
        except (DatabaseError, MalformedError) as error:
            if error.code not in {"no-database", "malformed"}:
                raise
        open_ledger(url(folder), LEDGER, create=True, now=now).close()
    try:
        log = open_log(url(folder))
    except DatabaseError as error:
        if error.code != "wrong-revision":
            raise
        upgrade(url(folder))
        log = open_log(url(folder))
    with Book(log, LEDGER, now=now) as book:
        yield log, book


def is_headless(folder: Path) -> bool:
    """Whether the first sector of the database arrived as nothing or junk; what mends it is in the journal beside."""
    file = folder / NAME
    return file.exists() and file.stat().st_size > 0 and not file.read_bytes().startswith(HEADER)


def _trouble(life: Life, acknowledged: int, stored: list[bytes]) -> str:
    if stored != life.entries[: len(stored)]:
        return "it holds entries that were not recorded"
    if len(stored) not in life.ends:
        return f"it holds {len(stored)} entries: a part of a batch"
    if any(acknowledged < end < len(stored) for end in life.ends):
        return "it holds more than one batch that was not acknowledged"
    return ""


def _flaw(folder: Path) -> str:
    """What SQLite itself finds wrong with the file, or ""."""
    with closing(sqlite3.connect(folder / NAME)) as connection:
        [(found,)] = connection.execute("PRAGMA integrity_check(1)")
        return "" if found == "ok" else str(found)


def every_cut(life: Life, folder: Path, *, seed: int, ways: Sequence[Way] = WAYS) -> Figures:
    """Cut a life's power at every moment, in every way. What is left alike is looked at once."""
    figures = Figures(lives=1)
    known: dict[object, Verdict] = {}
    for done in range(len(life.operations) + 1):
        for way in ways:
            files = cut(life, done, way, Random(f"{seed} {done} {way.__name__}"))
            alike = (life.acknowledged(done), *sorted(files.items()))
            if alike not in known:
                known[alike] = look(life, done, files, folder)
            figures = figures.with_verdict(known[alike], f"seed {seed}, operation {done}, {way.__name__}")
    return figures


def chain(folder: Path, *, cuts: int, seed: int, synchronous: str | None = None) -> Iterator[Figures]:
    """Life after life, each cut at many moments in many ways; the next one begins with what one of these left.

    Yields the figures of all cuts so far, after each life, until there are as many as wanted.
    """
    figures = Figures()
    make(folder / "new")
    left: dict[str, bytes] | None = None
    while figures.cuts < cuts:
        chance = Random(f"{seed} {figures.lives}")
        life = _lived(folder, left, chance, synchronous)
        left = None
        moments = chance.sample(range(len(life.operations) + 1), min(60, len(life.operations)))
        for done in moments[: cuts - figures.cuts]:
            way = chance.choice(WAYS)
            files = cut(life, done, way, chance)
            verdict = look(life, done, files, folder / "after")
            where = f"seed {seed}, life {figures.lives}, operation {done}, {way.__name__}"
            figures = figures.with_verdict(verdict, where)
            if not verdict.lost and not verdict.trouble and verdict.acknowledged < MOST_ENTRIES:
                left = files
        figures = figures._replace(lives=figures.lives + 1)
        yield figures


def _lived(folder: Path, left: Mapping[str, bytes] | None, chance: Random, synchronous: str | None) -> Life:
    settings = Settings(synchronous, chance.choice((4, 16, None)), chance.choice((5, None)))
    if left is None:
        left = {file.name: file.read_bytes() for file in (folder / "new").iterdir()}
    leave(folder / "machine", left)
    return live(Machine(folder / "machine"), chance, settings, batches=chance.randint(4, 16))
