"""Where it is measured: real services, and for each measure a data folder and index of its own."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import redis
from pydantic import SecretStr

from benchmarks.speed.corpus import Corpus, read_corpus
from extraction.formats.parse import parse
from indexing.index.manage import create_index
from indexing.index.point_in_time import pages
from indexing.writing import write
from indexing.writing.document import to_document
from tasks.settings import Settings
from tests.processes import Processes
from worker import services
from worker.container import Container

#: Seconds: the longest measure of `--long` needs half an hour.
PATIENCE = 3600.0


@dataclass(frozen=True, slots=True)
class Ground:
    """Addresses, a folder for all data, the articles; ``quick``: small numbers, one round."""

    redis_url: str
    elasticsearch_url: str
    folder: Path
    corpus: Corpus
    quick: bool = False
    long: bool = False
    fscrawler: Path | None = None
    ca: Path | None = None

    @property
    def rounds(self) -> range:
        """The rounds of a measure."""
        return range(1 if self.quick else 3)

    def size(self, whole: int, quick: int) -> int:
        """How many of something: the ``whole`` number, or for a try the ``quick`` one."""
        return quick if self.quick else whole

    @contextmanager
    def container(self) -> Iterator[tuple[Container, Processes]]:
        """The parts on an empty folder, index and queue, and real processes; all gone after."""
        with TemporaryDirectory(dir=self.folder) as data:
            container = Container(self._settings(Path(data) / "data"))
            _flush(self.redis_url)
            container.folders  # noqa: B018  (made here, before any process looks)
            create_index(container.client, container.settings.index)
            processes = Processes(container)
            try:
                yield container, processes
            finally:
                processes.end()
                for name in container.client.indices.get(index=f"{container.settings.index}-v*"):
                    container.client.indices.delete(index=name)
                container.client.close()

    def _settings(self, data: Path) -> Settings:
        return Settings(
            data=data,
            redis_url=SecretStr(self.redis_url),
            elasticsearch_url=SecretStr(self.elasticsearch_url),
            elasticsearch_ca=self.ca,
            index=f"bench-{secrets.token_hex(4)}",
        )


def _flush(url: str) -> None:
    with redis.Redis.from_url(url) as queue:
        queue.flushall()


@contextmanager
def ground(data: Path, elasticsearch: str | None = None, **chosen: Any) -> Iterator[Ground]:
    """Start the project's own services in a temporary folder, and stop them after.

    ``elasticsearch`` is the address of one that runs already, ``chosen`` are fields of ``Ground``.
    Raises as ``services.start``.
    """
    with TemporaryDirectory(prefix="depesche-bench-") as folder:
        Path(folder).chmod(0o755)  # the embedded Elasticsearch runs as another user
        place = Path(folder) / "services"
        which = ["redis"] if elasticsearch else services.NAMES
        try:
            started = {e.name: e for e in services.start(_plan(place), which)}
            own = started.get("elasticsearch")
            url = elasticsearch or (own.full_url if own else "")
            ca = own.login.ca if own and own.login else None
            corpus = read_corpus(data)
            yield Ground(started["redis"].url, url, Path(folder), corpus, ca=ca, **chosen)
        finally:
            services.stop(place)


def _plan(place: Path) -> services.Plan:
    return services.Plan(place, Settings().elasticsearch_home, 0, heap="1g")


def documents(texts: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Id and document of each text, as intake would make them now."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for number, text in enumerate(texts):
        article = parse(text.encode(), f"bench/{number}.txt")
        yield article.key, to_document(article, now, now)


def put_in(container: Container, texts: Iterable[str]) -> list[str]:
    """Index the texts as pending documents; their ids."""
    fates = write.create(container.client, container.settings.index, documents(texts))
    ids = [fate.id for fate in fates if fate.result == "created"]
    container.client.indices.refresh(index=container.settings.index)
    return ids


def publish(container: Container, ids: Sequence[str]) -> None:
    """Put all of them into the enrich queue."""
    size = container.settings.enrich_batch
    for start in range(0, len(ids), size):
        container.publisher.enrich(ids[start : start + size])


def stage(container: Container, texts: Iterable[str]) -> Path:
    """Write the texts as files on the inbox's file system; one rename drops them all."""
    folder = container.settings.data / f"staged-{secrets.token_hex(4)}"
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"{number:06}.txt").write_text(text, "utf-8")
    return folder


def drop(container: Container, folder: Path) -> float:
    """Drop a staged folder; the clock's time (``time.monotonic``) when it was done."""
    folder.rename(container.folders.inbox / folder.name)
    return time.monotonic()


def searchable(container: Container) -> int:
    """How many documents a search sees."""
    return int(container.client.count(index=container.settings.index)["count"])


def enriched(container: Container) -> int:
    """How many enriched documents a search sees."""
    query = {"term": {"enrichment.state": "enriched"}}
    return int(container.client.count(index=container.settings.index, query=query)["count"])


def enriched_at(container: Container, since: float = 0.0) -> list[float]:
    """When each document was enriched, if after ``since``; in seconds since the epoch."""
    after = {"range": {"enrichment.at": {"gte": int(since * 1000), "format": "epoch_millis"}}}
    query = {"bool": {"filter": [{"term": {"enrichment.state": "enriched"}}, after]}}
    return [
        datetime.fromisoformat(hit["_source"]["enrichment"]["at"]).timestamp()
        for hits in pages(
            container.client, container.settings.index, query, source=["enrichment.at"]
        )
        for hit in hits
    ]


def until(condition: Callable[[], bool], what: str, every: float = 0.1) -> float:
    """Look again and again until it holds; the clock's time. Raises ``TimeoutError`` at last."""
    last = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > last:
            raise TimeoutError(f"waited {PATIENCE:.0f} s in vain for {what}")
        time.sleep(every)
    return time.monotonic()


def calm(container: Container) -> None:
    """Wait for the merges of what was filled in: they are not what is measured."""

    def merges() -> int:
        stats = container.client.indices.stats(index=container.settings.index, metric="merge")
        return int(stats["_all"]["total"]["merges"]["current"])

    until(lambda: not merges(), "the merges to be done", every=0.5)
