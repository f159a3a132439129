"""A term sheet: the terms of a series in TOML, as a person writes them."""

import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from ledger.cli.streams import opened
from ledger.domain.errors import MalformedError

MAX_BYTES: Final = 100_000
"""Of a term sheet, which is a page or two."""

MAX_POINTS: Final = 100
"""In a line, outside quotes: the parser's time grows with the square of a key's parts, `a.a.a.a …`."""

_QUOTED: Final = re.compile(r"""'[^'\n]*'|"[^"\n]*\"""")


def read_term_sheet(file: Path) -> dict[str, Any]:
    """Read the fields of an `issue` entry from a TOML file; ``-`` is standard input.

    Days are TOML days, everything else as in the entry format; whole numbers or strings, no floats. At most 100 KB.

    Raises `MalformedError` where the file cannot be read or holds what an entry cannot.
    """
    try:
        with opened(file) as stream:
            text = _bounded(stream.read(MAX_BYTES + 1), file)
        fields = tomllib.loads(text)
    except OSError as error:
        raise MalformedError("malformed", f"{file} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MalformedError("malformed", f"{file} is not TOML in UTF-8: {error}") from None
    except RecursionError:
        raise MalformedError("malformed", f"{file} is nested too deeply") from None
    fields.pop("type", None)
    return {key: _json_value(value) for key, value in fields.items()}


def _bounded(content: bytes, file: Path) -> str:
    """The text of a term sheet that the parser will have read in a moment."""
    if len(content) > MAX_BYTES:
        raise MalformedError("malformed", f"{file} has more than {MAX_BYTES:,} bytes; a term sheet is a page or two")
    text = content.decode()
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > MAX_POINTS and _QUOTED.sub("", line).count(".") > MAX_POINTS:
            raise MalformedError("malformed", f"line {number} of {file} has more than {MAX_POINTS} points")
    return text


def _json_value(value: object) -> object:
    match value:
        case datetime():
            raise MalformedError("malformed", f"{value} has a time of day; write the day alone")
        case date():
            return value.isoformat()
        case dict():
            return {key: _json_value(item) for key, item in value.items()}
        case list():
            return [_json_value(item) for item in value]
        case _:
            return value
