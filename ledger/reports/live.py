"""The page of one ledger, made anew of what is asked: for a file, and for every request of `rights serve`."""

from datetime import date, datetime

from ledger import clock
from ledger.book import Book
from ledger.domain.spans import FIRST_DAY, LAST_DAY
from ledger.domain.strict_json import malformed
from ledger.opening import open_ledger
from ledger.reports.cells import called
from ledger.reports.language import Language, day, spoken
from ledger.reports.page import page
from ledger.reports.page_data import Asked
from ledger.reports.page_query import query_from
from ledger.reports.server import Answer


def page_of(
    book: Book,
    as_of: date | None = None,
    *,
    known_at: date | datetime | None = None,
    known_version: int | None = None,
    is_live: bool = False,
    ids_only: bool = False,
) -> str:
    """The page of a ledger, which opens at a day (default: today in Japan). ids_only: without the names of holders."""
    today = clock.today()
    opens_at = as_of or today
    if not FIRST_DAY <= opens_at <= LAST_DAY:
        malformed(f"as of {opens_at} is not between {FIRST_DAY} and {LAST_DAY}")
    life = book.life(known_at=known_at, known_version=known_version)
    with called(str if ids_only else book.label()):
        spellings = {} if ids_only else _spellings(book)
        return page(life, Asked(opens_at, today, _moment(known_at), is_live=is_live, spellings=spellings))


def _spellings(book: Book) -> dict[str, list[str]]:
    """The names of everybody in the directory: as he writes it, as it is read, in Latin letters."""
    if book.label() is str:
        return {}
    return {each.holder: list(filter(None, (each.kanji, each.kana, each.roman))) for each in book.people.show()}


def _moment(known_at: date | datetime | None) -> str | None:
    if known_at is None:
        return None
    if isinstance(known_at, datetime):
        there = known_at.astimezone(clock.JAPAN)
        return f"{day(there.date())} {there:%H:%M:%S} JST"
    return day(known_at)


def answers(url: str, ledger: str, language: Language, *, ids_only: bool = False) -> Answer:
    """What `rights serve` answers: the ledger is read anew for every query. language: where a query names none."""

    def answer(query: str) -> str:
        asked = query_from(query)
        with spoken(asked.lang or language), open_ledger(url, ledger) as book:
            return page_of(
                book,
                asked.as_of,
                known_at=asked.known_at,
                known_version=asked.known_version,
                is_live=True,
                ids_only=ids_only,
            )

    return answer
