"""Names that our own package tells come back into the directory of people, and overwrite nothing there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.book import Book
from ledger.exchange.packages.jocf_writing import write_jocf
from ledger.exchange.packages.ocf_reading import package_plan
from ledger.exchange.taking import take
from ledger.opening import open_ledger
from tests.exchange.written_packages import EVER, GENERATED_AT, ocf_of
from tests.scenario import Story, allotted, company, issue


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Book]:
    with open_ledger(f"sqlite:///{tmp_path}/fresh.db", "other", create=True) as book:
        yield book


@pytest.fixture
def package(tmp_path: Path) -> Iterator[Path]:
    with open_ledger(f"sqlite:///{tmp_path}/named.db", "main", create=True) as book:
        story = Story()
        story.book = book
        story.then(company(), issue(), allotted(2, "director-1"), allotted(3, "director-2"), allotted(1, "x"))
        names = {"director-1": {"kanji": "甲野太郎"}, "director-2": {"roman": "Otsu Jiro"}}
        book.people.set_all(names.items(), actor="tests")
        ocf_of(book, tmp_path / "x.ocf.zip", EVER)
        write_jocf(book, tmp_path / "x.jocf.zip", as_of=EVER, known_at=EVER, generated_at=GENERATED_AT)
        ocf_of(book, tmp_path / "ids.ocf.zip", EVER, ids_only=True)
    yield tmp_path / "x.ocf.zip"


def names_in(book: Book) -> list[tuple[str, str | None, str | None]]:
    return [(each.holder, each.kanji, each.roman) for each in book.people.show()]


@pytest.mark.parametrize("form", ["ocf", "jocf"])
def test_names_come_back_and_whoever_has_none_stays_without(package: Path, fresh: Book, form: str) -> None:
    package = package.with_name(f"x.{form}.zip")
    take(fresh, package_plan(package), actor="tests")
    assert names_in(fresh) == [("director-1", "甲野太郎", None), ("director-2", None, "Otsu Jiro")]
    again = take(fresh, package_plan(package), actor="tests")
    assert (again.outcome.there, again.kept) == (5, None)


def test_a_package_of_ids_alone_names_nobody(package: Path, fresh: Book) -> None:
    take(fresh, package_plan(package.with_name("ids.ocf.zip")), actor="tests")
    assert names_in(fresh) == []


def test_what_the_directory_knows_stays_and_who_was_forgotten_too(package: Path, fresh: Book) -> None:
    fresh.people.set("director-1", {"kanji": "丙野太郎"}, actor="tests")
    fresh.people.set("director-2", {"roman": "Otsu"}, actor="tests")
    fresh.people.forget("director-2", reason="asked for it", actor="tests")
    take(fresh, package_plan(package), actor="tests")
    assert names_in(fresh) == [("director-1", "丙野太郎", None), ("director-2", None, None)]
