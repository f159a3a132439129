"""`--scheduler`: the question to all ledgers, answered by the workers of a Dask cluster, which are processes here."""

import json
import re
import signal
import socket
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pytest
from sqlalchemy import make_url

from ledger import DatabaseError, open_ledger
from ledger.store import cluster as store
from ledger.store import every_ledger
from tests.cli.dask_cluster import Cluster, cluster, end
from tests.cli.terminal import Rights, Told, in_process
from tests.cli.test_all_ledgers import damage
from tests.scenario import allotted, company, issue, pricing, split

DAY = "2018-07-08"
QUESTIONS = (
    ("holdings", "--as-of", DAY), ("holdings", "--as-of", DAY, "--holder", "director-1"), ("series", "--as-of", DAY),
    ("eligibility", "--on", DAY), ("exercises", "--from", "2018-07-01", "--as-of", DAY),
)  # fmt: skip
FORMS = ((), ("--json",), ("--json", "--why"), ("--csv",))
LEDGERS = [f"issuer-{number}" for number in range(7)]


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("dask"), workers=2) as running:
        yield running


@pytest.fixture
def of_one_test(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler without a worker."""
    with cluster(tmp_path_factory.mktemp("dask"), workers=0) as running:
        yield running


@pytest.fixture
def several(small_ledger: Rights, monkeypatch: pytest.MonkeyPatch) -> Rights:
    """Seven ledgers beside `main`, of which a worker is given one or two at once."""
    monkeypatch.setattr(every_ledger, "PORTION", 10)
    fill("sqlite:///rights.db")
    return small_ledger


def fill(url: str) -> None:
    for number, ledger in enumerate(LEDGERS):
        with open_ledger(url, ledger, create=True) as book:
            book.record(
                [company(), issue("8"), pricing("0.5", series="8"), allotted(number + 1, "director-1", series="8")],
                actor="hr",
            )


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_the_same_bytes_as_by_one_process(
    several: Rights, two_workers: Cluster, question: Sequence[str], form: Sequence[str]
) -> None:
    here = several(*question, *form, "--all-ledgers", "--jobs", "1")
    assert here.code == 0
    assert several(*question, *form, "--all-ledgers", "--scheduler", two_workers.address) == here


def test_each_worker_has_its_part(several: Rights, two_workers: Cluster) -> None:
    assert several("holdings", "--all-ledgers", "--json", "--scheduler", two_workers.address).code == 0
    given = [[ledger] for ledger in LEDGERS]
    found = list(store.on_cluster(two_workers.address, "sqlite:///rights.db", process, given))
    assert [ledger for ledger, _ in found] == LEDGERS
    assert len({worker for _, worker in found}) == 2


def process(_log: object, _ledger: str) -> int:
    import os
    import time

    time.sleep(0.1)  # long enough for the other worker to be given something, too
    return os.getpid()


def test_a_file_of_parquet(several: Rights, two_workers: Cluster) -> None:
    asked = ("holdings", "--all-ledgers", "--as-of", DAY, "--format", "parquet")
    assert several(*asked, "--out", "a", "--scheduler", two_workers.address) == Told(0, "", "")
    assert several(*asked, "--out", "b", "--jobs", "1").code == 0
    assert Path("a").read_bytes() == Path("b").read_bytes()


def test_numbers_of_thousands_of_digits(several: Rights, two_workers: Cluster, folder: Path) -> None:
    with open_ledger("sqlite:///rights.db", LEDGERS[3]) as book:
        book.record([split(str(2**52), f"2018-{1 + day // 28:02}-{1 + day % 28:02}") for day in range(280)], actor="hr")
    asked = ("holdings", "--all-ledgers", "--as-of", "2018-12-31", "--json")
    here = in_process(["rights", *asked, "--jobs", "1"], folder)
    assert here.code == 0
    assert max(map(len, re.findall("[0-9]+", here.out))) > sys.int_info.default_max_str_digits
    assert in_process(["rights", *asked, "--scheduler", two_workers.address], folder) == here


def test_a_damaged_ledger_is_told_and_the_others_answer(several: Rights, two_workers: Cluster) -> None:
    damage(LEDGERS[2])
    asked = ("holdings", "--all-ledgers", "--as-of", DAY, "--json")
    here = several(*asked, "--jobs", "1")
    assert here.code == 3
    assert several(*asked, "--scheduler", two_workers.address) == here


def test_a_server_whose_password_nobody_reads(
    rights: Rights, two_workers: Cluster, postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(every_ledger, "PORTION", 10)
    url = make_url(postgres_database).set(password="open-sesame").render_as_string(hide_password=False)
    fill(url)
    asked = ("holdings", "--all-ledgers", "--as-of", DAY, "--json", "--db", url)
    here = rights(*asked, "--jobs", "1")
    assert here.code == 0
    assert rights(*asked, "--scheduler", two_workers.address) == here
    log = two_workers.log.read_text()
    assert "Register worker" in log
    assert "open-sesame" not in log
    sealed = store.Sealed("0", url.encode())
    assert "open-sesame" not in f"{sealed} {sealed!r}"


def stumbling(_log: object, _ledger: str) -> None:
    raise ZeroDivisionError


def test_what_is_raised_there_says_nothing_of_the_url(several: Rights, two_workers: Cluster) -> None:
    """Dask logs a task that raises, with what it was given."""
    url = f"sqlite:////{Path.cwd()}/rights.db"
    asked = store.on_cluster(two_workers.address, url, stumbling, [["main"]])
    with pytest.raises(DatabaseError, match=r"or a worker of it failed \(ZeroDivisionError\)"):
        list(asked)
    log = two_workers.log.read_text()
    assert "ZeroDivisionError" in log
    assert "rights.db" not in log


def test_a_worker_that_does_not_see_the_file(two_workers: Cluster, folder: Path) -> None:
    elsewhere = f"sqlite:///{folder / 'elsewhere.db'}"
    with pytest.raises(DatabaseError, match=r"a worker on \S+: there is no database .*elsewhere\.db") as told:
        list(store.on_cluster(two_workers.address, elsewhere, process, [["main"]]))
    assert told.value.code == "no-database"


ASKED = ("holdings", "--all-ledgers", "--as-of", DAY, "--json")


def told_of_the_cluster(told: Told) -> str:
    """The one sentence; nothing else is on standard error, and no ledger was skipped before it."""
    assert told.code == 4
    assert told.err.startswith("rights: cluster: ") or json.loads(told.err)["error"]["code"] == "cluster"
    assert told.err.count("\n") == 1, told.err
    return told.err if told.err.startswith("rights") else str(json.loads(told.err)["error"]["message"])


def test_nobody_answers(several: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "ANSWER_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        silent = told_of_the_cluster(several(*ASKED, "--scheduler", address))
    shut = told_of_the_cluster(several(*ASKED, "--scheduler", address))
    assert shut == silent == (
        f"no Dask scheduler answers at {address}: `dask scheduler` starts one, and says its address"
    )  # fmt: skip


def test_what_is_no_address_at_all(several: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "ANSWER_SECONDS", 1)
    for address in ("tcp://", "tcp://nowhere.invalid:1", "tcp://127.0.0.1:many"):
        assert "no Dask scheduler answers at" in told_of_the_cluster(several(*ASKED, "--scheduler", address))


def test_a_scheduler_without_workers(several: Rights, of_one_test: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "WORKER_SECONDS", 1)
    address = of_one_test.address
    assert told_of_the_cluster(several(*ASKED, "--scheduler", address)) == (
        f"the Dask scheduler at {address} has no worker: `dask worker {address}` starts one"
    )


OTHER_VERSION = (
    f" has rights-ledger 9.9, and who asks has {version('rights-ledger')}: a Dask scheduler and all its workers need"
    " the same"
)


@pytest.fixture
def another_version(tmp_path: Path) -> dict[str, str]:
    """Settings by which a worker finds the program installed in another version."""
    other = tmp_path / "other" / "rights_ledger-9.9.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.4\nName: rights-ledger\nVersion: 9.9\n")
    return {"PYTHONPATH": str(other.parent)}


def test_a_worker_of_another_version(several: Rights, of_one_test: Cluster, another_version: dict[str, str]) -> None:
    of_one_test.work()
    of_one_test.work(settings=another_version)
    told = told_of_the_cluster(several(*ASKED, "--scheduler", of_one_test.address))
    assert re.fullmatch(rf"tcp://127\.0\.0\.1:[0-9]+{re.escape(OTHER_VERSION)}", told)


def test_a_worker_of_another_version_that_comes_later(
    small_ledger: Rights, of_one_test: Cluster, another_version: dict[str, str]
) -> None:
    of_one_test.work()
    given = [[str(number)] for number in range(100)]
    with closing(store.on_cluster(of_one_test.address, "sqlite:///rights.db", process, given)) as asked:
        assert next(asked)[0] == "0"
        of_one_test.work(settings=another_version)
        with pytest.raises(DatabaseError, match=rf"a worker on \S+{re.escape(OTHER_VERSION)}"):
            list(asked)


def test_a_worker_without_the_program(several: Rights, of_one_test: Cluster, tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    packages.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if "rights_ledger" not in path.name:
            (packages / path.name).symlink_to(path)
    of_one_test.work(python=("-S",), settings={"PYTHONPATH": str(packages)})
    told = told_of_the_cluster(several(*ASKED, "--scheduler", of_one_test.address))
    assert re.fullmatch(
        rf"tcp://\S+ has no rights-ledger, and who asks has {re.escape(version('rights-ledger'))}: a Dask scheduler and"
        " all its workers need the same",
        told,
    )


def ended_by(folder: str, _log: object, ledger: str) -> int:
    """Ends the first process that is asked, or each, where a file says so."""
    import os
    import signal

    first = Path(folder) / ledger
    if not first.exists() or (Path(folder) / "each").exists():
        first.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def test_what_a_lost_worker_had_is_done_by_another(of_one_test: Cluster, small_ledger: Rights, folder: Path) -> None:
    lost, other = of_one_test.work(), of_one_test.work()
    for ledger in ("a", "b", "d"):
        (folder / ledger).touch()
    given = [[ledger] for ledger in "abcd"]
    found = list(store.on_cluster(of_one_test.address, "sqlite:///rights.db", partial(ended_by, str(folder)), given))
    assert [ledger for ledger, _ in found] == ["a", "b", "c", "d"]
    (left,) = {worker for ledger, worker in found if ledger == "c"}
    assert left in {lost.pid, other.pid}
    assert {lost.poll(), other.poll()} == {None, -signal.SIGKILL}


def test_ledgers_that_end_every_worker(
    of_one_test: Cluster, small_ledger: Rights, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        of_one_test.work()
    (folder / "each").touch()
    asked = store.on_cluster(of_one_test.address, "sqlite:///rights.db", partial(ended_by, str(folder)), [["main"]])
    with pytest.raises(DatabaseError, match="lost 4 workers over the same ledgers, as for want of memory") as told:
        list(asked)
    assert told.value.code == "cluster"


def test_the_last_worker_is_lost(
    of_one_test: Cluster, small_ledger: Rights, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "WORKER_SECONDS", 1)
    monkeypatch.setattr(store, "LOOK_SECONDS", 1)
    of_one_test.work()
    (folder / "each").touch()
    asked = store.on_cluster(of_one_test.address, "sqlite:///rights.db", partial(ended_by, str(folder)), [["main"]])
    with pytest.raises(DatabaseError, match=f"the Dask scheduler at {of_one_test.address} has no worker"):
        list(asked)


def test_the_scheduler_is_lost(of_one_test: Cluster, small_ledger: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    of_one_test.work()
    given = [[str(number)] for number in range(20)]
    with closing(store.on_cluster(of_one_test.address, "sqlite:///rights.db", process, given)) as asked:
        assert next(asked)[0] == "0"
        end(of_one_test.scheduler)
        with pytest.raises(DatabaseError, match="was lost before all ledgers had answered; ask again") as told:
            list(asked)
    assert told.value.code == "cluster"


def test_whoever_stops_reading_ends_it(several: Rights, two_workers: Cluster, folder: Path) -> None:
    command = f"rights holdings --all-ledgers --json --scheduler {two_workers.address} | head -n 1"
    told = in_process(["sh", "-c", command], folder)
    assert (told.code, told.err, told.out.count("\n")) == (0, "", 1)


def test_nothing_but_the_sentence_is_printed(small_ledger: Rights, of_one_test: Cluster, folder: Path) -> None:
    """In a process of its own, where Dask has its own log and the interpreter its own end."""
    end(of_one_test.scheduler)
    told = in_process(["rights", "holdings", "--all-ledgers", "--scheduler", of_one_test.address], folder)
    assert told.sentence.startswith("rights: cluster: no Dask scheduler answers at tcp://127.0.0.1:")


def test_without_the_library_the_extra_is_named(small_ledger: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    told = small_ledger("holdings", "--all-ledgers", "--scheduler", "tcp://127.0.0.1:8786")
    assert (told.code, told.sentence) == (
        2,
        "rights: missing-library: a Dask cluster needs the library distributed: pip install 'rights-ledger[dask]'"
        " installs it; --jobs needs nothing",
    )


@pytest.mark.parametrize(("options", "sentence"), [
    (("--scheduler", "tcp://dask:8786"), "--scheduler is for --all-ledgers, and one ledger is asked"),
    (("--all-ledgers", "--scheduler", "tcp://dask:8786", "--jobs", "2"),
     "--jobs says how many processes ask here, and --scheduler has others ask: give one of them"),
    (("--all-ledgers", "--scheduler", "dask:8786"),
     "dask:8786 is no Dask scheduler's address: tcp://HOST:PORT, or tls:// of one that wants it"),
], ids=str)  # fmt: skip
def test_what_does_not_go_together(small_ledger: Rights, options: Sequence[str], sentence: str) -> None:
    told = small_ledger("holdings", *options)
    assert (told.code, told.sentence) == (2, f"rights: malformed: {sentence}")
