"""A process that forks: SQLite's locks are a process's own, so the child must not use its parent's connections."""

import os
from pathlib import Path

import pytest

from ledger import open_ledger
from tests.scenario import company


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_what_a_child_records_outlives_the_parents_close(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'rights.db'}"
    book = open_ledger(url, create=True)
    book.record([company("A")], actor="parent")
    hears, tells = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.read(hears, 1)
            book.record([company("B")], actor="child")
            book.close()
        finally:
            os._exit(0)
    book.close()  # SQLite removes its log where it thinks that nobody else has the file open
    os.write(tells, b"x")
    os.waitpid(child, 0)
    with open_ledger(url) as again:
        assert [row.actor for row in again.history()] == ["parent", "child"]
        assert again.verify().size == 2
