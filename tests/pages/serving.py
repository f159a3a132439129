"""A page served for the time of a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from ledger.reports.live import answers
from ledger.reports.server import Server


@contextmanager
def served(url: str, ledger: str) -> Iterator[Server]:
    """The page of a ledger, on a port that is free."""
    with Server(0, answers(url, ledger, "en")) as serving:
        thread = Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield serving
        finally:
            serving.shutdown()
            thread.join()
