"""Searching and reading the archive, as the command line does it."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from articles.errors import UsageError
from depesche.canonical import CanonicalNames
from indexing.searching.query import Query

if TYPE_CHECKING:
    from types import TracebackType

    from elasticsearch import Elasticsearch

    from articles.article import Version
    from depesche.export import Export
    from depesche.stored import StoredArticle
    from extraction.meaning import Encoder
    from indexing.entities.entity import Entity
    from indexing.entities.ranking import Ranking
    from indexing.entities.timeline import Timeline
    from indexing.searching.results import Bucket, Results
    from indexing.searching.similar import Alike
    from tasks.settings import Settings

#: People who begin like a surname and are looked at for whom it means.
_BEARERS = 50


class Archive:
    """The articles behind one alias of one Elasticsearch. It only reads.

    What is under embargo it does not have until that ends, but where it was made to.

    Every method raises ``ServiceUnavailable`` where Elasticsearch does not answer, and
    :class:`UsageError`, with a sentence that says what to do, where something cannot be as asked.
    An archive may serve several threads; make it after a fork.
    """

    def __init__(
        self,
        client: Elasticsearch,
        index: str = "articles",
        *,
        rules: Path | None = None,
        meaning: bool = False,
        settings: Settings | None = None,
        embargoed: bool = False,
    ) -> None:
        """``rules`` is a file of rules about names that count beside the shipped ones.

        With ``meaning`` search also goes by meaning unless a call says otherwise; it needs the
        extra ``meaning``. Earlier versions are read with the ``settings``, in whose data folder
        their files are. With ``embargoed`` it has what is under embargo, too.
        """
        self._settings = settings
        self._whole = client
        self._embargoed = embargoed
        self.index = index
        self.meaning = meaning
        self._names = CanonicalNames(rules or Path("data") / "aliases.txt")

    @classmethod
    def from_env(cls, *, embargoed: bool = False) -> Archive:
        """Return the archive that the environment names (``DEPESCHE_…``), as for the command."""
        from tasks.settings import read_settings

        return cls.of(read_settings(), embargoed=embargoed)

    @classmethod
    def of(cls, settings: Settings, *, embargoed: bool = False) -> Archive:
        """Return the archive of these settings, with the rules about names in their data folder."""
        import elasticsearch  # noqa: F401 -- whole: a program may want transports of its own

        from worker.container import Container

        rules = settings.data / "aliases.txt"
        client = Container(settings).client
        meaning = settings.meaning
        return cls(
            client,
            settings.index,
            rules=rules,
            meaning=meaning,
            settings=settings,
            embargoed=embargoed,
        )

    @cached_property
    def client(self) -> Elasticsearch:
        """The client by which it reads: one that has nothing under embargo, but where asked to."""
        from indexing.index.released import ReadersClient

        return self._whole if self._embargoed else ReadersClient.of(self._whole)

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections to Elasticsearch."""
        self._whole.close()

    def search(
        self,
        query: str | Query = "",
        *,
        every_copy: bool = False,
        meaning: bool | None = None,
    ) -> Results:
        """Find articles; best first with words, latest first without.

        A text is in the query language of `docs/searching.md`; a :class:`Query` also has name
        filters, dates, size and offset. Of each story the best article is a hit, with
        ``every_copy`` all are. ``meaning`` overrules the archive's.
        """
        from indexing.searching.search import search

        asked = _query(query)
        return search(
            self.client,
            self.index,
            asked,
            every_copy=every_copy,
            canonical=self._names.current(),
            vector=self._vector(asked.text, meaning),
        )

    def pages(
        self,
        query: str | Query = "",
        *,
        every_copy: bool = False,
        meaning: bool | None = None,
    ) -> Generator[Results, None, None]:
        """Yield one page of the query's ``size`` after the other, all from one point in time.

        They end after 10,000 hits; :meth:`export` has no end. Close the generator to free what
        Elasticsearch holds. Otherwise as :meth:`search`.
        """
        from indexing.searching.search import pages

        asked = _query(query)
        return pages(
            self.client,
            self.index,
            asked,
            every_copy=every_copy,
            canonical=self._names.current(),
            vector=self._vector(asked.text, meaning),
        )

    def export(self, query: str | Query = "", fields: Sequence[str] | None = None) -> Export:
        """Return everything that the query finds, every copy too; size and offset do not count.

        ``fields`` are names of index fields and ``id``; without them, those of a full export.
        """
        from depesche.export import Export
        from indexing.searching.export import fields_of, find

        wanted = fields_of(None if fields is None else ",".join(fields))
        hit = find(self.client, self.index, _query(query), self._names.current())
        return Export(wanted, hit, self.client, self.index)

    def get(self, id_: str) -> StoredArticle | None:
        """Return the article with everything that was read out of it, ``None`` if there is none."""
        from depesche.stored import to_stored

        document = self.document(id_)
        return None if document is None else to_stored(document)

    def document(self, id_: str) -> dict[str, Any] | None:
        """Return the article as the index has it, with its ``id``: JSON for `show --json`."""
        from indexing.searching.search import get

        return get(self.client, self.index, id_)

    def embargo(self, id_: str) -> str:
        """Return until when (ISO 8601) the article with this id is kept from readers, else "".

        Any archive tells it, of whole ids alone.
        """
        from indexing.searching.search import get

        if not id_ or get(self.client, self.index, id_) is not None:
            return ""
        held = get(self._whole, self.index, id_) or {}
        return str(held.get("embargo_until") or "")

    def versions(self, id_: str) -> list[Version]:
        """Return the texts that the article has had, newest first: the first is the current one.

        None where there is no article.
        """
        from depesche.versions import versions_of

        document = self.document(id_)
        return versions_of(document) if document else []

    def version(self, id_: str, number: int) -> dict[str, Any] | None:
        """Return one of its texts as the index would have it, read from its file in the archive.

        ``None`` where there is no article. Raises :class:`UsageError` where there is no such
        version, its file is not here (of an archive that was made of a client none is), or it is
        under embargo still, though what came after it is not.
        """
        from depesche.versions import version_document
        from indexing.writing.versions import is_held

        document = self.document(id_)
        if document is None:
            return None
        if self._settings is None:
            raise UsageError("Earlier versions are read from files: use Archive.of(settings).")
        version = version_document(self._settings, document, number)
        if not self._embargoed and is_held(version, datetime.now(UTC).isoformat()):
            until = version["embargo_until"]
            raise UsageError(f"Version {number} is embargoed until {until}: --embargoed shows it.")
        return version

    def identify(self, text: str) -> str:
        """Return the id of the one article that a person means.

        ``text`` is an id or the beginning of one, or the path or name of the file below the inbox.
        Raises :class:`UsageError` where that is no article, or several, which it names.
        """
        from indexing.searching.identify import identify

        return identify(self.client, self.index, text)

    def entity(self, name: str, kind: str | None = None, quotes: int = 5) -> Entity | None:
        """Return what is known of a name in any case, ``None`` if nothing is.

        It may be the canonical one or another that indexing makes it of (``Mazedonien``), or the
        surname of somebody who chiefly bears it in the archive; then ``asked`` is what was asked
        for. ``kind`` is ``person``, ``organisation`` or ``place``; without it, the kind in which
        most articles hold the name. At most ``quotes`` by and as many about it are given.
        """
        from indexing.entities.entity import entity

        for other, of in self._meant(name, kind):
            if known := entity(self.client, self.index, other, of, quotes):
                return known if other == name else replace(known, asked=name)
        return None

    def timeline(
        self,
        name: str = "",
        kind: str | None = None,
        query: str | Query = "",
        interval: str | None = None,
    ) -> Timeline | None:
        """Return how many articles there are over time, ``None`` where none has the name.

        ``name`` and ``kind`` are as in :meth:`entity`; without a name all articles count, and with
        a ``query`` those that :meth:`export` has of it. ``interval`` is ``day``, ``month`` or
        ``year``.
        """
        from indexing.entities.timeline import timeline
        from indexing.searching.export import find

        found = find(self.client, self.index, _query(query), self._names.current()).query
        for other, of in self._meant(name, kind):
            if known := timeline(self.client, self.index, found, other, of, interval):
                return known if other == name else replace(known, asked=name)
        return None

    def _meant(self, name: str, kind: str | None) -> Iterator[tuple[str, str | None]]:
        """The name as it is, then who else may be meant by it, with the kind."""
        from indexing.entities.entity import FIELDS

        yield name, kind
        named = self._names.current()
        others = [(named(FIELDS[each], name), each) for each in ([kind] if kind else FIELDS)]
        yield from ((other, each) for other, each in others if other != name)
        if kind in (None, "person") and (chief := self._chief_bearer(name)) and chief != name:
            yield chief, "person"

    def _chief_bearer(self, surname: str) -> str | None:
        from extraction.entities.archive import Candidate, chief_bearer

        buckets = self.suggest(surname, "person", _BEARERS)
        return chief_bearer(surname, [Candidate(b.value, b.count) for b in buckets])

    def entities(
        self,
        kind: str = "person",
        since: str | None = None,
        until: str | None = None,
        size: int = 20,
        *,
        kql: str = "",
        zone: str = "Europe/Berlin",
    ) -> Ranking:
        """Return the names that most articles hold; with ``since``, against the time before.

        ``since`` and ``until`` are days, months or years (``2024-06``), both inclusive. Only
        articles count that ``kql`` finds, with dates of the time zone ``zone``.
        """
        from indexing.entities.ranking import ranking

        within = Query(kql=kql, zone=zone)
        return ranking(self.client, self.index, kind, since, until, size, within=within)

    def similar(self, id_: str, size: int = 10) -> list[Alike]:
        """Return articles on the same matter, most alike first, one a story."""
        from indexing.searching.similar import similar

        return similar(self.client, self.index, id_, size)

    def story(self, id_: str) -> list[Alike]:
        """Return all versions of the article's story, itself too, in the order they came."""
        from indexing.searching.similar import versions

        return versions(self.client, self.index, id_)

    def suggest(self, text: str, kind: str = "person", size: int = 10) -> list[Bucket]:
        """Return names that begin so, while they are typed, most frequent first.

        ``kind`` is ``person``, ``organisation``, ``place``, ``quoted`` or ``agency``.
        """
        from indexing.searching.results import Bucket
        from indexing.searching.suggest import suggest

        names = suggest(self.client, self.index, text, kind, size)
        return [Bucket(name, count) for name, count in names]

    def near(self, name: str, kind: str | None = None) -> list[Bucket]:
        """Return names of entities that may be meant by one that no article has, with articles.

        Those that begin so or, if there are none, those that are spelt nearly so.
        """
        from indexing.entities.entity import FIELDS
        from indexing.searching.named import nearest_names
        from indexing.searching.results import Bucket

        kinds = [kind] if kind else list(FIELDS)
        names = [bucket for each in kinds for bucket in self.suggest(name, each, 5)]
        if not names:
            nearest = nearest_names(self.client, self.index, FIELDS[kinds[0]], name)
            names = [Bucket(other.name, other.articles) for other in nearest]
        return list({bucket.value: bucket for bucket in reversed(names)}.values())[::-1]

    def _vector(self, text: str, meaning: bool | None) -> tuple[float, ...]:
        if not (self.meaning if meaning is None else meaning):
            return ()
        from indexing.searching.syntax import parse

        encoder, words = self._encoder, parse(text, as_written=True).words
        return encoder.query(words) if words else ()

    @cached_property
    def _encoder(self) -> Encoder:
        from extraction.meaning import Encoder

        return Encoder()


def _query(query: str | Query) -> Query:
    return Query(query) if isinstance(query, str) else query
