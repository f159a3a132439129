"""The page of a ledger, live: for the browsers of this machine alone, read from the database at every request."""

from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import BoundedSemaphore
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from ledger.domain.errors import DamagedError, DatabaseError, LedgerError
from ledger.reports.language import Language, spoken, text
from ledger.reports.page import error_page, policy
from ledger.reports.page_query import language_of

HOST: Final = "127.0.0.1"
SECONDS: Final = 10
"""To send a request, or to take an answer."""

MOST_AT_ONCE: Final = 8
LONGEST_TARGET: Final = 2_000
_OWN_SITE: Final = frozenset({None, "none", "same-origin"})
_SAFE: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

Answer = Callable[[str], str]
"""Makes the page of a query. Raises `LedgerError`."""


class Server(ThreadingHTTPServer):
    """Serves a page on the loopback. answer: makes it. port: 0 for any that is free. language: where none is asked."""

    daemon_threads = True
    request_queue_size = 32

    def __init__(self, port: int, answer: Answer, language: Language = "en") -> None:
        self.answer = answer
        self.language = language
        self.turns = BoundedSemaphore(MOST_AT_ONCE)
        super().__init__((HOST, port), _Handler)

    def server_bind(self) -> None:
        """Bind without asking anybody for the name of this machine."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{HOST}:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let a browser that went away go."""


class _Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = SECONDS

    def do_GET(self) -> None:
        self._respond()

    def do_HEAD(self) -> None:
        self._respond()

    def _respond(self) -> None:
        refusal = self._refusal()
        if refusal is not None:
            self._tell(*refusal)
            return
        with spoken(language_of(urlsplit(self.path).query) or self.server.language):
            self._respond_to(urlsplit(self.path))

    def _respond_to(self, target: SplitResult) -> None:
        if target.path == "/favicon.ico":
            self._send(HTTPStatus.NO_CONTENT, "")
        elif not self.server.turns.acquire(timeout=SECONDS):
            self._tell(HTTPStatus.SERVICE_UNAVAILABLE, "too many ask at once; ask again in a moment")
        else:
            try:
                self._answer(target.query)
            finally:
                self.server.turns.release()

    def _refusal(self) -> tuple[HTTPStatus, str] | None:
        """Why a request is refused, if it is: first whoever must not ask, then what is not there."""
        port = self.server.server_port
        allowed = {f"{name}:{port}" for name in (HOST, "localhost")}
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or hosts[0].strip().lower() not in allowed:
            return HTTPStatus.FORBIDDEN, f"this page is for the browsers of this machine, at {self.server.url} alone"
        if self.headers.get("Sec-Fetch-Site") not in _OWN_SITE:
            return HTTPStatus.FORBIDDEN, f"another site asks; type {self.server.url} into the browser"
        if len(self.path) > LONGEST_TARGET:
            return HTTPStatus.REQUEST_URI_TOO_LONG, f"an address has at most {LONGEST_TARGET:,} characters"
        try:
            target = urlsplit(self.path)
        except ValueError:
            return HTTPStatus.BAD_REQUEST, "this is no address"
        if target.scheme or target.netloc or target.path not in {"/", "/favicon.ico"}:
            return HTTPStatus.NOT_FOUND, f"there is one page here, {self.server.url}"
        return None

    def _answer(self, query: str) -> None:
        try:
            self._send(HTTPStatus.OK, self.server.answer(query))
        except LedgerError as error:
            self._tell(_status_of(error), f"{error.code}: {error.message}")

    def _tell(self, status: HTTPStatus, sentence: str) -> None:
        self._send(status, error_page(f"{status.value} {_said_of(status)}", sentence))

    def _send(self, status: HTTPStatus, content: str) -> None:
        body = content.encode()
        self.send_response(status)
        for name, value in _SAFE.items():
            self.send_header(name, value)
        self.send_header("Content-Security-Policy", f"{policy()}; frame-ancestors 'none'")
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is no request of ours; a method that is not known is one that is not allowed."""
        del message, explain
        status = HTTPStatus(code)
        if status is HTTPStatus.NOT_IMPLEMENTED:
            self._tell(HTTPStatus.METHOD_NOT_ALLOWED, "this page can be read (GET, HEAD), and nothing else")
        else:
            self._tell(status, "this is no request that a browser makes")

    def version_string(self) -> str:
        """Who answers: not in which version of what."""
        return "rights"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the base calls it by
        """Say nothing: what is asked is nobody's business."""


def _said_of(status: HTTPStatus) -> str:
    match status:
        case HTTPStatus.BAD_REQUEST:
            return text("Bad Request")
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return text("Service Unavailable")
        case HTTPStatus.INTERNAL_SERVER_ERROR:
            return text("Internal Server Error")
        case _:
            return status.phrase


def _status_of(error: LedgerError) -> HTTPStatus:
    match error:
        case DatabaseError():
            return HTTPStatus.SERVICE_UNAVAILABLE
        case DamagedError():
            return HTTPStatus.INTERNAL_SERVER_ERROR
        case _:
            return HTTPStatus.BAD_REQUEST
