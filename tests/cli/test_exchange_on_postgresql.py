"""What goes in and out in other forms is the same, whichever database keeps the ledger."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.terminal import Rights
from tests.exchange.writing import EXERCISES, csv_file


def test_there_as_here(demo_ledger: Rights, postgres_database: str, folder: Path) -> None:
    there = ("--db", postgres_database)
    assert demo_ledger("export", "iij.ocf.zip", "--as-of", "2022-10-01").code == 0
    assert demo_ledger("init", *there, "--ledger", "iij").code == 0
    told = demo_ledger("import", "iij.ocf.zip", *there)
    assert (told.code, told.out) == (0, "49 entries recorded, 0 already there; ledger iij is at version 49.\n")
    assert demo_ledger("import", "iij.ocf.zip", *there).out.startswith("0 entries recorded, 49 already there")

    csv_file(folder / "exercises.csv", (EXERCISES[0], ("7", "director-7", 2, "2026-07-01")))
    csv_file(folder / "departures.csv", (("保有者", "退任日"), ("director-7", "R8.6.25")))
    for place in ((), there):
        assert demo_ledger("import", "departures.csv", *place).code == 0
        for state in (False, True):
            (entry,) = demo_ledger("import", "exercises.csv", "--json", *place).json["entries"]
            assert (entry["version"], entry["was_there"]) == (51, state)

    lines = demo_ledger("follow", "--since-version", "49", "--once", *there).out.splitlines()
    assert [json.loads(line)["entry"]["type"] for line in lines] == ["departure", "exercise"]
    shares = {}
    for name, place in (("here", ()), ("there", there)):
        assert demo_ledger("export", f"{name}.sqlite", "--as-of", "2026-07-02", *place).code == 0
        with closing(sqlite3.connect(f"{name}.sqlite")) as database:
            shares[name] = database.execute("SELECT * FROM outstanding").fetchall()
    assert shares["here"] == shares["there"]
    assert ("7", "director-7", 22) in [(row[0], row[2], row[5]) for row in shares["there"]]

    (folder / "register.csv").write_text(demo_ledger("register", "--csv", "--as-of", "2026-07-02").out)
    assert demo_ledger("reconcile", "register.csv", "--as-of", "2026-07-02", *there).code == 0
    (folder / "figures").write_text("as of 2026-07-02 series 7 holder director-7 has 22 rights\n")
    assert demo_ledger("check", "figures", *there) == (0, "", "")
