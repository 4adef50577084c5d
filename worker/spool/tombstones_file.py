"""The file that tombstones stand in."""

from __future__ import annotations

from pathlib import Path

from worker.spool.lasting_file import LastingFile

#: Below the data folder.
NAME = "withdrawals.sqlite"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS withdrawals (
    id TEXT PRIMARY KEY, path TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL,
    who TEXT NOT NULL, purged INTEGER NOT NULL, todo TEXT NOT NULL, turn INTEGER NOT NULL,
    day TEXT NOT NULL, minhash TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS keys (
    key TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (key, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS strange (
    id TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (id, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS of_others (
    id TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (id, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS left_out (
    id TEXT PRIMARY KEY, keys INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (
    id TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
    PRIMARY KEY (id, path, sha256)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shared (
    id TEXT PRIMARY KEY, revision INTEGER NOT NULL, changed INTEGER NOT NULL,
    there INTEGER NOT NULL, turn INTEGER NOT NULL, site TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS followed (
    one INTEGER PRIMARY KEY CHECK (one = 1), uuid TEXT NOT NULL, upto INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS past (
    id TEXT NOT NULL, path TEXT NOT NULL, what TEXT NOT NULL, reason TEXT NOT NULL,
    at TEXT NOT NULL, who TEXT NOT NULL, purged INTEGER NOT NULL, PRIMARY KEY (id, at, what)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS unfinished ON withdrawals (id) WHERE todo != '';
CREATE INDEX IF NOT EXISTS by_path ON withdrawals (path);
CREATE INDEX IF NOT EXISTS files_by_path ON files (path);
CREATE INDEX IF NOT EXISTS past_by_path ON past (path);
CREATE INDEX IF NOT EXISTS keys_of ON keys (id);
CREATE INDEX IF NOT EXISTS unshared ON shared (id) WHERE there = 0;
"""


def tombstones_file(path: Path) -> LastingFile:
    """The file at that path, which need not be there."""
    return LastingFile(path, _SCHEMA, "what was withdrawn")
