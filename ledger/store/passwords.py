"""Passwords in a database's URL: which parts of it nobody may read, and striking them out of what others say.

A URL may hold them in more places than one: before the host, in the query, in the options that a server is started
with. What libpq, the driver or the server says when it cannot connect may repeat any of them.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

STRUCK: Final = "***"

_HARMLESS: Final = frozenset(
    {
        *("application_name", "channel_binding", "client_encoding", "connect_timeout", "dbname", "gssencmode", "host"),
        *("hostaddr", "keepalives", "load_balance_hosts", "port", "require_auth", "service", "sslmode"),
        *("sslnegotiation", "target_session_attrs", "user"),
    }
)
"""Of libpq's parameters those whose values a message may repeat."""

_KNOWN: Final = _HARMLESS | {
    *("fallback_application_name", "gssdelegation", "gsslib", "keepalives_count", "keepalives_idle"),
    *("keepalives_interval", "krbsrvname", "max_protocol_version", "min_protocol_version", "oauth_client_id"),
    *("oauth_client_secret", "oauth_issuer", "oauth_scope", "options", "passfile", "password", "replication"),
    *("requirepeer", "requiressl", "scram_client_key", "scram_server_key", "servicefile", "ssl_max_protocol_version"),
    *("ssl_min_protocol_version", "sslcert", "sslcertmode", "sslcompression", "sslcrl", "sslcrldir", "sslkey"),
    *("sslkeylogfile", "sslpassword", "sslrootcert", "sslsni", "tcp_user_timeout"),
}
"""All of libpq's parameters. What is none of them may be a piece of a password that holds an &."""

_SHORT: Final = 4
"""A password of fewer characters stands by chance in many words, and is struck out where it is a word of its own."""

_SETTING: Final = re.compile(r"=\s*(\S+)")


def is_torn(url: str, database: str | None) -> bool:
    """Whether a password that is not percent-encoded has torn a server's URL, so that parts of it seem to be others.

    url: as it was given. database: as it was read from it.
    """
    return url.count("@") > 1 or "/" in (database or "")


def struck(text: str, url: "URL") -> str:
    """A text in which no secret of a URL can be read, however it is written there."""
    for secret in sorted(_spellings(url), key=len, reverse=True):
        pattern = re.escape(secret)
        text = re.sub(pattern if len(secret) >= _SHORT else rf"(?<!\w){pattern}(?!\w)", STRUCK, text)
    return text


def _spellings(url: "URL") -> set[str]:
    return {written for secret in _secrets(url) for written in _written(secret) if written.strip()}


def _secrets(url: "URL") -> Iterator[str]:
    if url.password is not None:
        yield str(url.password)
    for key, given in url.query.items():
        for value in (given,) if isinstance(given, str) else given:
            if key == "options":
                yield from _SETTING.findall(value)
            elif key not in _HARMLESS:
                yield value
        if key not in _KNOWN:
            yield key


def _written(secret: str) -> Iterator[str]:
    """As it is, percent-encoded, as libpq quotes it, and as Python shows it."""
    yield secret
    for safe in ("", "/"):
        for encode in (quote, quote_plus):
            encoded = encode(secret, safe=safe, errors="replace")
            yield from (encoded, re.sub("%..", lambda each: each[0].lower(), encoded))
    yield secret.replace("\\", "\\\\").replace("'", "\\'")
    yield repr(secret)[1:-1]
