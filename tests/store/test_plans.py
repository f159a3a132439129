"""Every question of one ledger goes to PostgreSQL's entries by the primary key, whatever other ledgers there are."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from ledger.store import open_log
from ledger.store.log import NO_END
from ledger.store.migrate import partition_entries, upgrade
from ledger.store.sql_log import SqlLog
from tests.conftest import scratch_database
from tests.store.samples import MADE_AT, add, raw_connection, row, say

LEDGERS, ENTRIES = 40, 200
PARTS = 4
BY_LEDGER = {
    "head": ("ledger-7",),
    "head_row": ("ledger-7", "ledger-7"),
    "exists": ("ledger-7",),
    "read": ("ledger-7", 10, NO_END),
    "rows": ("ledger-7", 0, 150),
    "users": ("ledger-7", 0, NO_END),
    "restorations": ("ledger-7",),
    "has_people": ("ledger-7",),
}
"""The statements of a log that are about one ledger, each with what is asked."""

EVERY_LEDGER = {"ledgers", "sizes", "create"}


@pytest.fixture(scope="module", params=[None, PARTS], ids=["one-table", "in-parts"])
def log(request: pytest.FixtureRequest, postgres_url: str) -> Iterator[SqlLog]:
    """A log of many ledgers, about which the server has its statistics."""
    with scratch_database(postgres_url) as url:
        upgrade(url)
        if request.param is not None:
            partition_entries(url, request.param)
        log = open_log(url)
        assert isinstance(log, SqlLog)
        for number in range(LEDGERS):
            log.create(f"ledger-{number}", MADE_AT)
            with log.writing(f"ledger-{number}") as writer:
                add(writer, [row(version, entry_id=f"entry-{version}") for version in range(1, ENTRIES + 1)])
        say(url, "ANALYZE")
        yield log
        log.close()


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan's node, and all under it."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def explained(log: SqlLog, sql: str, asked: tuple[object, ...]) -> list[dict[str, Any]]:
    """What the server would do for a statement, node by node."""
    cursor = (
        "DECLARE asked CURSOR FOR "
        if sql in (log._statements.read, log._statements.rows, log._statements.users)
        else ""
    )
    with raw_connection(log.engine.url.render_as_string(hide_password=False)) as connection:
        ((found,),) = connection.execute(f"EXPLAIN (FORMAT JSON) {cursor}{sql}", asked).fetchall()
    return list(nodes(found[0]["Plan"]))


@pytest.mark.parametrize("name", BY_LEDGER)
def test_a_question_of_one_ledger_uses_a_key(log: SqlLog, name: str) -> None:
    found = explained(log, getattr(log._statements, name), BY_LEDGER[name])
    of_entries = [node for node in found if str(node.get("Relation Name", "")).startswith("entries")]
    for node in of_entries:
        assert node["Node Type"] in {"Index Scan", "Index Only Scan", "Bitmap Heap Scan"}, node
    indexes = {node["Index Name"] for node in found if "Index Name" in node}
    assert all(re.fullmatch(r"(entries|ledgers|people|restorations)(_\d{4})?_p?key", each) for each in indexes), indexes
    assert len({node["Relation Name"] for node in of_entries}) <= 1  # one part


def test_no_statement_is_forgotten(log: SqlLog) -> None:
    assert set(log._statements._fields) == set(BY_LEDGER) | EVERY_LEDGER


def test_the_guard_of_an_append_uses_it_too(log: SqlLog) -> None:
    """What the guards ask: the entry before, and the last one."""
    before = "SELECT version FROM entries WHERE ledger_id = %s AND version < %s ORDER BY version DESC LIMIT 1"
    last = "SELECT version FROM entries WHERE ledger_id = %s ORDER BY version DESC LIMIT 1"
    for sql, asked in ((before, ("ledger-7", 201)), (last, ("ledger-7",))):
        types = {node["Node Type"] for node in explained(log, sql, asked)}
        assert "Seq Scan" not in types
        assert types & {"Index Scan", "Index Only Scan"}
