"""Answers as bytes that are written one after the other: JSON Lines, and comma-separated values."""

import io
import json
from typing import Any, Final

import msgspec

from ledger.answers import Answer
from ledger.cli.render import escaped, write_csv
from ledger.domain.errors import LedgerError
from ledger.projections.rows import Row, SeriesRow, names

_encode_lines: Final = msgspec.json.Encoder().encode_lines


def json_lines(answer: Answer[Any], *, why: bool) -> bytes:
    """A line of what the answer is of, what proves it, and how many rows follow; then a row a line, its ledger first.

    They say what `Answer.to_dict` says. What nobody sees is escaped.
    """
    head = _encoded({**answer.head(), "rows": len(answer)})
    ledger = _encoded({"ledger": answer.ledger}).removesuffix(b"}")
    # No line feed stands inside a line of JSON: whatever follows one is a row.
    return _shown((head + b"\n" + _rows(answer, why=why)).replace(b"\n{", b"\n" + ledger + b","))


def error_line(ledger: str, error: LedgerError) -> bytes:
    """The line of a ledger that could not answer."""
    told = {"code": error.code, "message": error.message, "line": error.line}
    return _shown(_encoded({"ledger": ledger, "error": told}) + b"\n")


def csv_heading(row_type: type[Row]) -> bytes:
    """The first line of the values of all ledgers."""
    stream = io.StringIO(newline="")
    columns = _columns(row_type)
    write_csv(stream, columns, [dict(zip(columns, columns, strict=True))])
    return stream.getvalue().encode()


def csv_lines(answer: Answer[Any], row_type: type[Row]) -> bytes:
    """The rows as comma-separated values, their ledger first."""
    stream = io.StringIO(newline="")
    write_csv(stream, _columns(row_type), ({"ledger": answer.ledger, **row.to_dict()} for row in answer))
    return stream.getvalue().encode()


def _columns(row_type: type[Row]) -> list[str]:
    return ["ledger", *names(row_type)]


def _rows(answer: Answer[Any], *, why: bool) -> bytes:
    """Every row as a line, in the usual case as fast as it can be."""
    if not why and not isinstance(next(iter(answer), None), SeriesRow):  # whose decimals are integers where they can be
        try:
            return _encode_lines(answer.rows)
        except OverflowError:  # a number of more than 64 bits
            pass
    return b"".join(_encoded(row) + b"\n" for row in answer.to_dict(why=why)["rows"])


def _encoded(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _shown(lines: bytes) -> bytes:
    """Lines of JSON with what nobody sees escaped; JSON itself has escaped what is below the space."""
    is_plain = lines.isascii() and b"\x7f" not in lines
    return lines if is_plain else escaped(lines.decode(), kept="\n").encode()
