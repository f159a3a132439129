"""A proxy before a real PostgreSQL server that understands enough of the protocol to cut a connection at a word.

Where it cuts:

COMMIT is the word itself, or what ends a call of the function that appends and commits (Sync).

- `BEFORE_COMMIT`: it has read COMMIT and passes nothing of it on.
- `AFTER_COMMIT`: COMMIT has gone to the server; nobody waits for the answer.
- `AFTER_ANSWER`: the server has answered COMMIT; the answer goes nowhere.
- `IN_ANSWER`: half of the answer has gone to the client.
- `IN_ENTRIES`: half of the message that carries the entries has gone to the server.
- `IN_LOCK`: likewise of the one that locks the head.
- `STUCK`: as `AFTER_ANSWER`, but the client is left waiting.
"""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto
from threading import Event, Lock, Thread
from typing import Final

from sqlalchemy import make_url
from sqlalchemy.engine import URL

LINGER_NOT: Final = struct.pack("ii", 1, 0)
"""A socket that is closed so resets its connection: the peer gets no orderly end."""


class Cut(Enum):
    """Where a connection is cut."""

    BEFORE_COMMIT = auto()
    AFTER_COMMIT = auto()
    AFTER_ANSWER = auto()
    IN_ANSWER = auto()
    IN_ENTRIES = auto()
    IN_LOCK = auto()
    STUCK = auto()


WORDS: Final = {Cut.IN_ENTRIES: b"INSERT INTO entries", Cut.IN_LOCK: b"lock_head"}
AT_ONCE: Final = b"append_entry"
PARSE: Final = b"P"
BIND: Final = b"B"
SYNC: Final = b"S"
COPY_DATA: Final = b"d"


def is_met(cut: Cut, kind: bytes, body: bytes, *, at_once: bool) -> bool:
    """Whether a message of the client's is the one to cut at. at_once: it belongs to a call that also commits."""
    if at_once:
        return kind == (BIND if cut in WORDS else SYNC)
    if cut in WORDS:
        return WORDS[cut] in body or (cut is Cut.IN_ENTRIES and kind == COPY_DATA)
    return body == b"COMMIT\0"


class Proxy:
    """Listens on a port of this machine. `arm` says where the next connection that gets there is cut, once."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._armed: tuple[Cut, bool] | None = None
        self._arming = Lock()
        self._links: list[_Link] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._port: int = self._listening.getsockname()[1]
        self.has_cut = Event()
        self.cuts = 0
        Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Of the same database, through the proxy."""
        plain = {"sslmode": "disable", "gssencmode": "disable"}
        through = self._server.set(host="127.0.0.1", port=self._port, query=plain)
        return through.render_as_string(hide_password=False)

    def arm(self, cut: Cut, *, resets: bool = False) -> None:
        """Cut where the next connection gets there. resets: without an orderly end."""
        with self._arming:
            self._armed = cut, resets
            self.has_cut.clear()

    def taken(self, kind: bytes, body: bytes, *, at_once: bool) -> tuple[Cut, bool] | None:
        """Where to cut, if it is at this message; another connection is not cut then."""
        with self._arming:
            if self._armed is None or not is_met(self._armed[0], kind, body, at_once=at_once):
                return None
            armed, self._armed = self._armed, None
            self.cuts += 1
            return armed

    def close(self) -> None:
        """Cut every connection and take no more."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for link in self._links:
            link.end(resets=False)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            self._links.append(_Link(self, client, connected(self._server)))


class _Link:
    """One connection: a thread for each direction."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy = proxy
        self._client, self._server = client, server
        self._at_answer: tuple[Cut, bool] | None = None
        self._ending = Lock()
        for direction in (self._to_server, self._to_client):
            Thread(target=direction, daemon=True).start()

    def end(self, *, resets: bool) -> None:
        """Close both sides; the server still reads what was passed on."""
        with self._ending:
            if self._client.fileno() >= 0 and resets:
                self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
            for side in (self._client, self._server):
                with suppress(OSError):
                    side.shutdown(socket.SHUT_RDWR if side is self._server or not resets else socket.SHUT_RD)
                side.close()

    def _to_server(self) -> None:
        at_once = False
        with suppress(OSError, EOFError):
            for kind, body in messages(self._client):
                whole = kind + struct.pack("!I", len(body) + 4) + body
                at_once = AT_ONCE in body if kind == PARSE else at_once
                taken = self._proxy.taken(kind, body, at_once=at_once)
                at_once = at_once and kind != SYNC
                if taken is None:
                    self._server.sendall(whole)
                    continue
                self._cut(whole, taken[0], resets=taken[1])
        self.end(resets=False)

    def _cut(self, whole: bytes, cut: Cut, *, resets: bool) -> None:
        if cut in WORDS:
            self._server.sendall(whole[: len(whole) // 2])
        elif cut in {Cut.AFTER_ANSWER, Cut.IN_ANSWER, Cut.STUCK}:
            self._at_answer = cut, resets
            self._server.sendall(whole)
            return
        elif cut is Cut.AFTER_COMMIT:
            self._at_answer = cut, resets  # the answer may come sooner than the cut
            self._server.sendall(whole)
        self.end(resets=resets)
        self._proxy.has_cut.set()

    def _to_client(self) -> None:
        with suppress(OSError):
            while part := self._server.recv(65_536):
                if self._at_answer is None:
                    self._client.sendall(part)
                    continue
                cut, resets = self._at_answer
                if cut is Cut.IN_ANSWER:
                    self._client.sendall(part[: len(part) // 2])
                if cut is not Cut.STUCK:
                    self.end(resets=resets)
                self._proxy.has_cut.set()
                return
        self.end(resets=False)


def messages(client: socket.socket) -> Iterator[tuple[bytes, bytes]]:
    """What a client says, by its kind; the first message has none."""
    kind = b""
    while True:
        (size,) = struct.unpack("!I", _exactly(client, 4))
        yield kind, _exactly(client, size - 4)
        kind = _exactly(client, 1)


def _exactly(side: socket.socket, size: int) -> bytes:
    parts = b""
    while len(parts) < size:
        part = side.recv(size - len(parts))
        if not part:
            raise EOFError
        parts += part
    return parts


def connected(server: URL) -> socket.socket:
    folder = str(server.query.get("host", ""))
    port = server.port or server.query.get("port", 5432)
    if not folder.startswith("/"):
        return socket.create_connection((server.host or folder or "localhost", int(str(port))))
    side = socket.socket(socket.AF_UNIX)
    side.connect(f"{folder}/.s.PGSQL.{port}")
    return side


@contextmanager
def proxy_before(url: str) -> Iterator[Proxy]:
    """A proxy before the server of a database."""
    proxy = Proxy(make_url(url))
    try:
        yield proxy
    finally:
        proxy.close()
