"""`rights db init`: the database and its tables, with no ledger yet."""

import pytest

from tests import citus
from tests.cli.terminal import Rights
from tests.store.samples import say


def test_the_tables_and_no_ledger(rights: Rights) -> None:
    assert rights("db", "init").out == "The database is ready, at revision 0004.\n"
    assert rights("db", "init").out == "The database was there, at revision 0004.\n"
    told = rights("holdings")
    assert (told.code, told.sentence) == (
        2,
        "rights: malformed: the database holds no ledger yet; `rights init` makes one",
    )
    assert rights("db", "init", "--json").json == {"revision": "0004", "changed": False, "partitions": None}


def test_entries_in_parts(rights: Rights, postgres_database: str) -> None:
    told = rights("db", "init", "--partitions", "4", "--db", postgres_database)
    assert (told.code, told.out) == (0, "The database is ready, at revision 0004, the entries in 4 parts.\n")
    again = rights("db", "init", "--partitions", "4", "--db", postgres_database, "--json")
    assert again.json == {"revision": "0004", "changed": False, "partitions": 4}
    assert rights("demo", "--db", postgres_database).code == 0
    assert say(postgres_database, "SELECT count(DISTINCT tableoid) FROM entries") == [(1,)]
    assert rights("verify", "--db", postgres_database).code == 0
    refused = rights("db", "init", "--partitions", "5", "--db", postgres_database)
    assert refused.code == 2
    assert "keeps its entries in 4 parts already; to have them in 5 parts, make a new database" in refused.err


@pytest.mark.skipif(citus.SERVER is None, reason="RIGHTS_TEST_CITUS_URL names no Citus")
def test_ledgers_over_several_machines(rights: Rights) -> None:
    with citus.empty_database() as url:
        assert rights("demo", "--db", url).code == 0
        told = rights("db", "distribute", "--db", url)
        assert (told.code, told.out, told.err) == (
            0,
            "The ledgers are distributed over the workers, each whole on one of them.\n"
            "No trigger guards them there: who logs in must be no more than a writer (`rights db roles --apply`).\n",
            "",
        )
        assert rights("db", "distribute", "--db", url, "--json").json == {"changed": False}
        assert rights("verify", "--db", url).code == 0
        assert rights("depart", "--holder", "director-1", "--on", "2030-06-28", "--db", url).code == 0


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
