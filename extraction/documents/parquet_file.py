"""How a Parquet file begins and ends, and what a person can do with one that is not read."""

from __future__ import annotations

#: At both its ends; and where its footer is encrypted.
MAGIC, ENCRYPTED = b"PAR1", b"PARE"
#: Of its end: how long the footer before it is, in four bytes, and the mark.
END = 8
ADVICE = (
    "Write its rows as JSON lines and drop those, for example with DuckDB:"
    """ `duckdb -c "COPY 'FILE.parquet' TO 'FILE.jsonl'"`."""
)
