"""What a large ledger came to, kept from one process to the next, so that a question need not read all of it again.

A kept fold is a file among what programs cache for a user (XDG base directories), one for each ledger, that nobody else
may read. It may be thrown away at any time. Whatever is in it follows from the entries, and it counts only where the
tree over the entries that it is of, with those that came since, is the tree of the ledger's head: it is never of other
entries than the ledger's. Whoever records judges by the entries themselves, and `rights verify` reads all of them.
"""

import os
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from tempfile import mkstemp
from typing import Final, NamedTuple, Self

import msgspec
from msgspec import Struct

from ledger import domain
from ledger.domain.entries import Retraction, Split
from ledger.domain.evolve import fold
from ledger.domain.state import Company, Holding, Person, Price, Series, State
from ledger.domain.timeline import Placed, timeline
from ledger.knowledge import FOLDS_FROM, Known
from ledger.projections import backdating
from ledger.projections.backdating import backdated
from ledger.proof.tree import HASH_BYTES, Range
from ledger.store.codec import all_recorded_from
from ledger.store.log import Head, Log

OFF: Final = "RIGHTS_NO_CACHE"
"""Where it is set to anything, nothing is kept and nothing that was kept is read."""

MOST_BYTES: Final = 1 << 30


class Place(NamedTuple):
    """Where the last entry of a timeline stands."""

    on: date
    rank: int
    version: int


class Fold(Struct, frozen=True, array_like=True):
    """The end of a whole timeline, without what only reasons and exercises are told from.

    program: the code that folded (`program`). size, peaks: of the tree over the entries. last: the last in the
    timeline. meeting: the latest on which a split depends, which has closed. late: how many entries were backdated.
    """

    program: bytes
    ledger: str
    size: int
    peaks: bytes
    last: Place
    meeting: date | None
    late: int
    companies: list[Company]
    series: list[Series]
    people: list[Person]
    holdings: list[list[Holding]]
    prices: dict[str, Price]

    @classmethod
    def of(cls, ledger: str, tree: Range, placed: list[Placed], late: int, state: State) -> Self:
        """Return the fold of a timeline that is not empty; its state is at the end of it."""
        return cls(
            program(),
            ledger,
            tree.size,
            tree.packed(),
            _place(placed[-1]),
            latest_meeting(placed),
            late,
            list(state.companies.values()),
            list(state.series.values()),
            list(state.people.values()),
            [list(held.values()) for held in state.holdings.values()],
            state.prices,
        )

    def state(self) -> State:
        """Return what was known, to go on from: a state without acts and exercises."""
        state = State(keeps_acts=False)
        state.companies = {each.company: each for each in self.companies}
        state.series = {each.series: each for each in self.series}
        state.people = {each.holder: each for each in self.people}
        for name, held in zip(state.series, self.holdings, strict=True):
            state.holdings[name] = {each.key: each for each in held}
        state.prices = self.prices
        return state


class KnownByFold(Known):
    """What a ledger knows now, by a fold and the entries that came after it: at the end of its timeline only."""

    def __init__(self, ledger: str, tree: Range, state: State, late: int) -> None:
        self.ledger = ledger
        self.version = tree.size
        self.root = b64encode(tree.root()).decode()
        self._state = state
        self._late = late

    def state(self, day: date | None = None, *, keeps_acts: bool = False) -> State:
        """Return the state at the end of the timeline; ``day`` is not before it, and acts were not kept."""
        del day, keeps_acts
        return self._state

    def _backdated(self, day: date) -> int:
        del day
        return self._late


class Folds:
    """The folds that are kept in a folder, which is made when the first is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def known(self, log: Log, ledger: str, head: Head, day: date, *, decided_on: date) -> KnownByFold | None:
        """Return what a ledger knows at the end of a day; None where all of it must be read.

        decided_on: the day by which the meeting of a conditional split must have closed (item 3, proviso).
        """
        kept = self._read(ledger, _first(log, ledger))
        if kept is None or not head.size - FOLDS_FROM < kept.size <= head.size:
            return None
        with closing(log.read(ledger, after=kept.size, until=head.size)) as stored:
            since = list(stored)
        tree = Range.unpacked(kept.size, kept.peaks).extended(since)
        if (tree.size, tree.packed()) != (head.size, head.peaks):
            return None
        recorded = all_recorded_from(since) if since else []
        placed = timeline(recorded)
        last = placed[-1].on if placed else kept.last.on
        meeting = max((each for each in (kept.meeting, latest_meeting(placed)) if each is not None), default=None)
        if (
            any(type(each.entry) is Retraction for each in recorded)
            or (placed and _place(placed[0]) < kept.last)
            or day < last
            or (meeting is not None and meeting >= decided_on)
        ):
            return None
        late = kept.late + (backdated(recorded, placed) if placed else 0)
        return KnownByFold(ledger, tree, fold(placed, kept.state()), late)

    def keep(self, log: Log, known: Known, tree: Range, state: State, day: date) -> None:
        """Keep what a ledger came to, in place of what is older; where that cannot be done, nothing is kept.

        known: by its entries. tree: over those. state: at the end of a day. A day before the last entry's, or a split
        that is not to be relied on yet, leave nothing worth keeping.
        """
        placed = known.placed
        if not placed or day < placed[-1].on or not known.relies_on_all:
            return
        late = backdated(known.recorded[: tree.size], placed)
        try:
            content = _encode(Fold.of(known.ledger, tree, placed, late, state))
        except OverflowError:  # splits without end make numbers that have no end either
            return
        with suppress(OSError), _new_file(self._file(known.ledger, _first(log, known.ledger))) as descriptor:
            os.write(descriptor, sha256(content).digest())
            with os.fdopen(descriptor, "wb", closefd=False) as stream:
                stream.write(content)

    def _read(self, ledger: str, first: bytes) -> Fold | None:
        try:
            descriptor = os.open(self._file(ledger, first), os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(descriptor, "rb") as stream:
                about = os.fstat(descriptor)
                is_own = S_ISREG(about.st_mode) and about.st_uid == os.getuid() and not about.st_mode & 0o022
                if not is_own or about.st_size > MOST_BYTES:
                    return None
                digest, content = stream.read(HASH_BYTES), stream.read()
            found = _decode(content) if sha256(content).digest() == digest else None
        except (OSError, msgspec.MsgspecError, ValueError):
            return None
        is_ours = found is not None and (found.program, found.ledger) == (program(), ledger)
        return found if is_ours else None

    def _file(self, ledger: str, first: bytes) -> Path:
        """Where the fold of a ledger is kept: by its id and its first entry, wherever the ledger itself is kept."""
        name = sha256(b"\x00".join((ledger.encode(), first))).hexdigest()
        return self._folder / f"{name[:32]}.fold"


def usual_folds() -> Folds | None:
    """The folds of this user; None where nothing is to be kept."""
    if os.environ.get(OFF) or not hasattr(os, "getuid"):
        return None
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        # The specification has a relative path ignored.
        folder = named if named.is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        return None
    return Folds(folder / "rights-ledger" / "folds")


@cache
def program() -> bytes:
    """Return what tells one program's folds from another's: the files that say how to fold, and the known holidays."""
    from importlib.metadata import version

    rules = Path(domain.__file__).parent.glob("*.py")
    digest = sha256(version("jpholiday").encode())
    for file in (*sorted(rules), Path(str(backdating.__file__)), Path(__file__)):
        digest.update(file.read_bytes())
    return digest.digest()


def _first(log: Log, ledger: str) -> bytes:
    with closing(log.read(ledger, until=1)) as stored:
        return next(stored, b"")


def _place(placed: Placed) -> Place:
    return Place(placed.on, placed.rank, placed.version)


def latest_meeting(placed: Iterable[Placed]) -> date | None:
    """The latest of the meetings on which splits depend, or None."""
    splits = (each.entry for each in placed if isinstance(each.entry, Split))
    return max((each.meeting_closed_on for each in splits if each.meeting_closed_on is not None), default=None)


def _fraction(wanted: type, value: object) -> Fraction:
    del wanted  # the only type that the struct library does not know
    return Fraction(str(value))


@contextmanager
def _new_file(file: Path) -> Iterator[int]:
    """A file that takes its name when it is written, for nobody else to read."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, made = mkstemp(dir=file.parent)
    try:
        yield descriptor
        Path(made).replace(file)
    except BaseException:
        Path(made).unlink()
        raise
    finally:
        os.close(descriptor)


_encode: Final = msgspec.msgpack.Encoder(enc_hook=str).encode
_decode: Final = msgspec.msgpack.Decoder(Fold, dec_hook=_fraction).decode
