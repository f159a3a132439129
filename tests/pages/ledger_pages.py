"""Pages of ledgers, opened in a browser, and what can be read in them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from typing import Any, Final, Literal

from playwright.sync_api import Browser, Page

from ledger.book import Book
from ledger.reports.language import Language, spoken
from ledger.reports.page import page
from ledger.reports.page_data import Asked
from ledger.store.memory import MemoryLog

TODAY: Final = date(2026, 11, 22)
PHONE: Final = 375
LAPTOP: Final = 1280

READ: Final = """async (days) => {
  const rest = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const cells = (rows) => [...rows].map((row) => [...row.cells].map((cell) => cell.textContent));
  const NAMES = ['holdings', 'series', 'terms', 'eligibility', 'deadlines', 'exercises'];
  const read = (name) => {
    const host = document.getElementById(`${name}-table`);
    return [cells(host.querySelectorAll('thead tr'))[0] ?? [], cells(host.querySelectorAll('tbody tr, tfoot tr'))];
  };
  window.dispatchEvent(new Event('beforeprint'));
  const found = [];
  for (const day of days) {
    const field = document.getElementById('day');
    field.value = day;
    field.dispatchEvent(new Event('input', {bubbles: true}));
    await rest();
    const tables = {};
    for (const name of NAMES) tables[name] = read(name);
    found.push({day: document.getElementById('slider').getAttribute('aria-valuetext'), tables});
  }
  return found;
}"""
"""Goes from day to day, and reads every table."""


def book_of(lines: Sequence[Any]) -> Book:
    """A ledger in memory, of what of the lines is lawful."""
    log = MemoryLog()
    log.create("main", "2026-11-22T03:00:00.000000Z")
    book = Book(log, "main", now=lambda: datetime(2026, 11, 22, 3, tzinfo=UTC))
    if lines:
        book.record(lines, actor="hr", keep_going=True)
    return book


def demo_lines() -> list[bytes]:
    return (resources.files("ledger.demo") / "iij.jsonl").read_bytes().splitlines()


def written(book: Book, folder: Path, *, as_of: date = TODAY, language: Language = "en") -> Path:
    """The page of a ledger, as a file."""
    with spoken(language):
        made = page(book.life(), Asked(as_of, TODAY))
    file = folder / f"page-{language}.html"
    file.write_text(made, encoding="utf-8")
    return file


@contextmanager
def opened(
    chromium: Browser,
    url: str,
    *,
    width: int = LAPTOP,
    scheme: Literal["light", "dark"] = "light",
    is_quiet: bool = True,
) -> Iterator[Page]:
    """A page in a window of its own, which must ask nobody but itself, and complain of nothing."""
    asked: list[str] = []
    said: list[str] = []
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    try:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.goto(url)
        page.wait_for_selector("html[data-ready]", state="attached")
        yield page
        here = url.partition("?")[0]
        others = [each for each in asked if not each.startswith((here, "data:"))]
        assert (said, others) == ([], []) or not is_quiet
    finally:
        context.close()
