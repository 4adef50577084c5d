"""Short articles, and the invariant with every byte, judged from disk and index alone."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from extraction.formats.identity import printable_path
from tests import evidence
from tests.processes import Processes, files_in, states, wait_for
from worker.container import Container
from worker.spool.settle import reason_of

#: The short form runs in CI; DEPESCHE_TEST_LONG=1 asks for the long one.
LONG = os.environ.get("DEPESCHE_TEST_LONG") == "1"

Dropped = Mapping[str, bytes]


def article(mark: object, sentences: int = 3) -> bytes:
    """A short article that no other mark has."""
    body = f"In Dessau sprach Petra Lindenau über den Fall {mark}. " * sentences
    return f" date 2024-06-19 Probe : Messung {mark}\n\nDer Vorspann {mark}.\n\n{body}".encode()


def digest(content: bytes) -> str:
    """What a document says of the bytes that it was made of (SHA-256)."""
    return hashlib.sha256(content).hexdigest()


def wait_until_ended(
    container: Container, total: int, failed: int = 0, seconds: float = 90.0
) -> float:
    """Wait until inbox and spool are empty, ``total`` documents enriched and files failed."""

    def ended() -> bool:
        folders = container.folders
        return (
            not files_in(folders.inbox)
            and not files_in(folders.spool)
            and len(files_in(folders.failed)) == failed
            and states(container) == Counter({"enriched": total} if total else {})
        )

    return wait_for(ended, f"{total} enriched documents and {failed} failed files", seconds)


def assert_ended(container: Container, archived: Dropped, failed: Dropped | None = None) -> None:
    """Every dropped byte is in the archive and once in the index, or in failed with a reason."""
    folders = container.folders
    archive, dropped = _bytes_in(folders.archive), [*archived, *(failed or {})]
    indexed = Counter(path for path, _ in documents(container).elements())
    on_disk = [*archive, *files_in(folders.failed)]
    evidence.judged(
        list(map(printable_path, dropped)),
        list(map(printable_path, on_disk)),
        indexed + Counter(map(printable_path, files_in(folders.failed))),
    )
    assert files_in(folders.inbox) == []
    assert files_in(folders.spool) == []
    assert archive == dict(archived)
    assert _bytes_in(folders.failed) == dict(failed or {})
    for name in failed or {}:
        assert reason_of(folders.failed / name).get("error"), f"{name!r} failed without a reason"
    digests = {printable_path(n): digest(b) for n, b in archived.items()}
    assert documents(container) == Counter(digests.items())
    assert states(container) == Counter({"enriched": len(archived)} if archived else {})


def _bytes_in(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in files_in(folder)}


def documents(container: Container) -> Counter[tuple[str, str]]:
    """How many documents each source path and digest has."""
    index = container.settings.index
    container.client.indices.refresh(index=index)
    answer = container.client.search(index=index, size=10_000, source_includes=["source"])
    sources = [hit["_source"]["source"] for hit in answer["hits"]["hits"]]
    return Counter((source["path"], source["sha256"]) for source in sources)


def command(
    processes: Processes, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run ``depesche`` with these arguments on the settings of the test."""
    return subprocess.run(
        [sys.executable, "-m", "worker.cli", *arguments],
        env={**os.environ, **processes.environment(), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def status(processes: Processes) -> dict[str, Any]:
    """What ``depesche status --json`` says."""
    content = json.loads(command(processes, "status", "--json").stdout)
    assert isinstance(content, dict)
    return content


def drop(container: Container, contents: Dropped) -> None:
    """Write files into the inbox, each there at once."""
    for name, content in contents.items():
        path = container.folders.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.parent / ".writing"
        temporary.write_bytes(content)
        temporary.rename(path)


def in_spool(container: Container) -> list[Path]:
    """Claimed files."""
    return [file.path for batch in container.spool.batches() for file in batch.files()]
