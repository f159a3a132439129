"""`rights db init`: the database and its tables, with no ledger yet."""

import pytest

from tests.cli.terminal import Rights
from tests.store.samples import say


def test_the_tables_and_no_ledger(rights: Rights) -> None:
    assert rights("db", "init").out == "The database is ready, at revision 0003.\n"
    assert rights("db", "init").out == "The database was there, at revision 0003.\n"
    told = rights("holdings")
    assert (told.code, told.sentence) == (
        2,
        "rights: malformed: the database holds no ledger yet; `rights init` makes one",
    )
    assert rights("db", "init", "--json").json == {"revision": "0003", "changed": False, "partitions": None}


def test_entries_in_parts(rights: Rights, postgres_database: str) -> None:
    told = rights("db", "init", "--partitions", "4", "--db", postgres_database)
    assert (told.code, told.out) == (0, "The database is ready, at revision 0003, the entries in 4 parts.\n")
    again = rights("db", "init", "--partitions", "4", "--db", postgres_database, "--json")
    assert again.json == {"revision": "0003", "changed": False, "partitions": 4}
    assert rights("demo", "--db", postgres_database).code == 0
    assert say(postgres_database, "SELECT count(DISTINCT tableoid) FROM entries") == [(1,)]
    assert rights("verify", "--db", postgres_database).code == 0
    refused = rights("db", "init", "--partitions", "5", "--db", postgres_database)
    assert refused.code == 2
    assert "keeps its entries in 4 parts already; to have them in 5 parts, make a new database" in refused.err


def test_a_file_has_one_table(rights: Rights) -> None:
    told = rights("db", "init", "--partitions", "4")
    assert told.code == 2
    assert told.sentence == (
        "rights: malformed: --partitions is for PostgreSQL: an SQLite file keeps all entries in one table"
    )


@pytest.mark.parametrize("count", ["0", "1025", "-1"])
def test_no_other_number_of_parts(rights: Rights, postgres_database: str, count: str) -> None:
    told = rights("db", "init", "--partitions", count, "--db", postgres_database)
    assert told.code == 2
    assert f"the entries are kept in 1 to 1,024 parts, not in {int(count):,}" in told.sentence
