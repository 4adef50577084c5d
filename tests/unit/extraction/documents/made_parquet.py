"""Parquet files, written for tests by arro3 out of JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from arro3.core import DataType, Field, Schema
from arro3.io import read_json, write_parquet

TEXT = DataType.string()
NAMES = DataType.list(TEXT)


def parquet(rows: Sequence[Mapping[str, object]], types: Mapping[str, Any], **how: Any) -> bytes:
    """``how``: as ``write_parquet`` takes it (``compression``, ``max_row_group_size`` …)."""
    lines = "\n".join(map(json.dumps, rows)).encode()
    schema = Schema([column(name, kind) for name, kind in types.items()])
    target = io.BytesIO()
    write_parquet(read_json(io.BytesIO(lines), schema=schema), target, **how)
    return target.getvalue()


def column(name: str, kind: Any) -> Any:
    """One that may be empty."""
    return Field(name, kind, nullable=True)
