"""Answers as a Parquet file of typed columns, by pyarrow: the extra `parquet`."""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Self, get_args, get_type_hints

from ledger.answers import Answer
from ledger.domain.errors import MalformedError
from ledger.projections.rows import Row, plain
from ledger.proof.note import MissingLibraryError

ROWS_OF_A_GROUP: Final = 100_000
"""Rows are kept until there are so many, and then written."""

NOTES: Final = "rights-ledger.ledgers"
"""The file's metadata of this name: a JSON list of what each answer is of, and what proves it."""


def require() -> None:
    """See that the library is there. Raises `MissingLibraryError`."""
    if find_spec("pyarrow") is None:
        raise MissingLibraryError(
            "missing-library",
            "Parquet needs the library pyarrow: pip install 'rights-ledger[parquet]' installs it; --format jsonl and"
            " csv need nothing",
        )


def batch(answer: Answer[Any], row_type: type[Row]) -> bytes:
    """The rows as columns, for a `ParquetFile` to take. Raises `MalformedError` for a number beyond 64 bits."""
    import pyarrow as pa

    schema = _schema(row_type)
    columns = [
        [answer.ledger] * len(answer),
        *([_cell(getattr(row, name)) for row in answer] for name in _fields(row_type)),
    ]
    try:
        found = pa.record_batch([pa.array(*each) for each in zip(columns, schema.types, strict=True)], schema=schema)
    except (OverflowError, pa.ArrowInvalid) as error:
        raise MalformedError(
            "malformed", "a number is too great for a column of 64 bits; --format jsonl has it"
        ) from error
    return bytes(found.serialize())


class ParquetFile:
    """A file that is being written: rows by groups, and at the end the notes about all answers."""

    def __init__(self, file: Path, row_type: type[Row]) -> None:
        import pyarrow.parquet

        self._schema = _schema(row_type)
        self._notes: list[Mapping[str, Any]] = []
        self._batches: list[Any] = []
        self._open = ExitStack()
        self._file = self._open.enter_context(pyarrow.parquet.ParquetWriter(file, self._schema, compression="zstd"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._open:
            if kind is None:
                self._write_group()
                self._file.add_key_value_metadata({NOTES: json.dumps(self._notes, ensure_ascii=False)})

    def note(self, about: Mapping[str, Any]) -> None:
        """Keep what an answer is of."""
        self._notes.append(about)

    def add(self, content: bytes) -> None:
        """Add the rows of a `batch`."""
        import pyarrow as pa

        self._batches.append(pa.ipc.read_record_batch(pa.py_buffer(content), self._schema))
        if sum(each.num_rows for each in self._batches) >= ROWS_OF_A_GROUP:
            self._write_group()

    def _write_group(self) -> None:
        import pyarrow as pa

        rows = pa.Table.from_batches(self._batches, self._schema)
        if rows.num_rows:
            self._file.write_table(rows, row_group_size=rows.num_rows)
        self._batches.clear()


def _fields(row_type: type[Row]) -> list[str]:
    return [name for name in get_type_hints(row_type) if name != "because"]


def _schema(row_type: type[Row]) -> Any:
    """A column for the ledger and for each field; decimals are text, exact as everywhere."""
    import pyarrow as pa

    types = {
        str: pa.string(), int: pa.int64(), bool: pa.bool_(), date: pa.date32(), Decimal: pa.string(),
        tuple[str, ...]: pa.list_(pa.string()), tuple[date, ...]: pa.list_(pa.date32()),
        tuple[int, ...]: pa.list_(pa.int64()),
    }  # fmt: skip
    found = [pa.field("ledger", pa.string(), nullable=False)]
    for name, hint in get_type_hints(row_type).items():
        if name != "because":
            (kind,) = {*get_args(hint)} - {type(None)} if type(None) in get_args(hint) else {hint}
            found.append(pa.field(name.removesuffix("_"), types[kind], nullable=hint != kind))
    return pa.schema(found)


def _cell(value: object) -> object:
    return str(plain(value)) if isinstance(value, Decimal) else value
