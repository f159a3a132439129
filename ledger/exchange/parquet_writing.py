"""The log as a Parquet file of typed columns, by pyarrow: the extra `parquet`."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from ledger.book import Book
from ledger.exchange.log_columns import STORED, Logged, columns, groups
from ledger.proof.note import MissingLibraryError

ROWS_OF_A_GROUP: Final = 50_000
NOTE: Final = "rights-ledger.ledger"
"""The file's metadata of this name: a JSON object with the ledger's id, its size and its root."""


def write_parquet(book: Book, file: Path) -> Logged:
    """Write every entry of a ledger into a new Parquet file, a row an entry; and say what was written.

    Raises `MissingLibraryError` without pyarrow, `DamagedError`.
    """
    if find_spec("pyarrow") is None:
        raise MissingLibraryError(
            "missing-library",
            "Parquet needs the library pyarrow: pip install 'rights-ledger[parquet]' installs it; --jsonl and --sqlite"
            " need nothing",
        )
    import pyarrow as pa
    import pyarrow.parquet as pq

    logged = Logged(book)
    schema = _schema()
    with pq.ParquetWriter(file, schema, compression="zstd") as written:
        for part in groups(logged.rows(), ROWS_OF_A_GROUP):
            written.write_table(pa.Table.from_pylist(part, schema=schema))
        said = {"ledger": book.ledger, "size": logged.size, "root": logged.root}
        written.add_key_value_metadata({NOTE: json.dumps(said, ensure_ascii=False)})
    return logged


def _schema() -> Any:
    import pyarrow as pa

    types = {
        "count": pa.int64(), "day": pa.date32(), "flag": pa.bool_(), "instant": pa.timestamp("us", tz="UTC"),
        "text": pa.string(), "texts": pa.list_(pa.string()), "json": pa.string(),
    }  # fmt: skip
    always = {"version", "batch", "type", "recorded_at", "actor", STORED}
    return pa.schema([pa.field(name, types[cell], nullable=name not in always) for name, cell in columns().items()])
