"""A term sheet: the terms of a series in TOML, as a person writes them."""

import sys
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ledger.domain.errors import MalformedError


def read_term_sheet(file: Path) -> dict[str, Any]:
    """Read the fields of an `issue` entry from a TOML file; ``-`` is standard input.

    Days are TOML days, everything else as in the entry format; whole numbers or strings, no floats.

    Raises `MalformedError` where the file cannot be read or holds what an entry cannot.
    """
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        fields = tomllib.loads(text)
    except OSError as error:
        raise MalformedError("malformed", f"{file} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MalformedError("malformed", f"{file} is not TOML in UTF-8: {error}") from None
    fields.pop("type", None)
    return {key: _json_value(value) for key, value in fields.items()}


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
