"""A process whose children are killed while they record: `python -m tests.durability.kills URL KILLS SEED [too-early]`.

It forks a child, which opens the ledger and records batch after batch through the book, and says of each, through a
pipe, that `record` has returned. The child gets SIGKILL at a moment that chance chooses. Then either the parent looks,
or the next child goes on with what this one left. Prints the figures, one JSON object.
"""

import json
import os
import signal
import sys
from collections.abc import Sequence
from itertools import count
from random import Random
from time import sleep
from typing import Any, NamedTuple

from ledger import Book, open_ledger
from ledger.store import open_log
from ledger.store.log import Log
from ledger.store.sql_log import SqlLog

KILLS_OF_A_LEDGER = 20
SAID = b"."


class Child(NamedTuple):
    """A child that is dead. number: its name. acknowledged: how many batches it has said to be recorded."""

    number: int
    acknowledged: int


class Figures(NamedTuple):
    """acknowledged, lost: batches. more: children of whom one batch is there that they could not say any more.
    troubles: what else was found bad, the first few."""

    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    more: int = 0
    troubles: tuple[str, ...] = ()


def batch(child: int, number: int) -> list[dict[str, Any]]:
    """The entries of one batch of a child, the same whenever asked."""
    chance = Random(f"{child} {number}")
    note = "x" * chance.choice((1, 30, 900, 5_000))
    ids = [f"{child}-{number}-{each}" for each in range(chance.randint(1, 4))]
    return [
        {"type": "appointment", "holder": each, "position": "director", "on": "2017-06-28", "id": each, "note": note}
        for each in ids
    ]


def record_until_killed(url: str, ledger: str, child: int, say: int, *, too_early: bool) -> None:
    """What a child does. too_early: it says that it has done what it is about to do; that must be noticed."""
    with open_ledger(url, ledger) as book:
        for number in count():
            if too_early:
                os.write(say, SAID)
            book.record(batch(child, number), actor="hr")
            if not too_early:
                os.write(say, SAID)


def killed_child(url: str, ledger: str, number: int, chance: Random, *, too_early: bool) -> Child:
    """Start a child, kill it, and count what it said."""
    heard, say = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        try:
            record_until_killed(url, ledger, number, say, too_early=too_early)
        finally:
            os._exit(1)  # nothing brings a child back into its parent's work
    os.close(say)
    acknowledged = 0
    awaited = chance.randint(0, 5)
    while acknowledged < awaited and os.read(heard, 1):
        acknowledged += 1
    sleep(chance.uniform(0, 0.003 if awaited else 0.015))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    while more := os.read(heard, 4096):
        acknowledged += len(more)
    os.close(heard)
    if not os.WIFSIGNALED(status):
        raise RuntimeError(f"child {number} ended by itself")
    return Child(number, acknowledged)


def look(url: str, ledger: str, children: Sequence[Child], figures: Figures) -> Figures:
    """Hold a ledger against what its children said, in the order of their lives."""
    log = open_log(url)
    wait_for_servers_of_the_dead(log)
    with Book(log, ledger) as book:
        entries = [row.to_dict()["entry"] for row in book.history()]
        book.verify()
    at = lost = more = 0
    troubles: list[str] = []
    for child in children:
        there = 0
        while entries[at : at + len(batch(child.number, there))] == batch(child.number, there):
            at += len(batch(child.number, there))
            there += 1
        lost += max(0, child.acknowledged - there)
        more += there > child.acknowledged
        if there > child.acknowledged + 1:
            troubles.append(f"child {child.number} acknowledged {child.acknowledged} batches, and {there} are there")
    if at < len(entries):
        troubles.append(f"version {at + 1} is no whole batch of the child whose turn it was")
    return figures._replace(
        lost=figures.lost + lost, more=figures.more + more, troubles=(*figures.troubles, *troubles)[:5]
    )


def wait_for_servers_of_the_dead(log: Log) -> None:
    """PostgreSQL may still be committing what a client asked for before it died."""
    if not isinstance(log, SqlLog):
        return
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with log.engine.connect() as connection:
        while connection.exec_driver_sql(others).scalar_one():
            connection.rollback()
            sleep(0.005)


def killed(url: str, *, kills: int, seed: int, too_early: bool) -> Figures:
    """Kill so many children, each of them in the middle of its work."""
    chance = Random(seed)
    figures = Figures()
    for first in range(0, kills, KILLS_OF_A_LEDGER):
        ledger = f"ledger-{first}"
        open_ledger(url, ledger, create=True).close()
        children: list[Child] = []
        last = min(first + KILLS_OF_A_LEDGER, kills)
        for number in range(first, last):
            children.append(killed_child(url, ledger, number, chance, too_early=too_early))
            if number == last - 1 or chance.random() < 0.5:
                seen = look(url, ledger, children, figures)
        acknowledged = sum(child.acknowledged for child in children)
        figures = seen._replace(kills=figures.kills + len(children), acknowledged=figures.acknowledged + acknowledged)
    return figures


if __name__ == "__main__":
    address, how_many, chosen, *early = sys.argv[1:]
    sys.stdout.write(
        json.dumps(killed(address, kills=int(how_many), seed=int(chosen), too_early=bool(early))._asdict())
    )
