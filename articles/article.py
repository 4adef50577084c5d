"""What an article is: the one model that ``extraction`` and ``indexing`` share.

Plain frozen data. Nothing here reads a file, knows spaCy or knows Elasticsearch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Precision = Literal["year", "month", "day", "second"]
Label = Literal["PER", "LOC", "ORG", "MISC"]
QuoteKind = Literal["direct", "indirect"]

#: The parts of an article that hold running text, in reading order.
TEXT_FIELDS = ("kicker", "headline", "lead", "body")

#: How the keys of articles begin (``extraction.formats.identity``); whatever else is none.
KEYS = ("s-", "sh-", "u-", "t-")


@dataclass(frozen=True, slots=True)
class Published:
    """A date of publication with the precision that its source gave it.

    ``value`` is ISO 8601 cut to the precision: ``2024``, ``2024-06``, ``2024-06-19`` or
    ``2024-06-19T12:00:00+02:00``. Its first ten characters are the day in the place where it was
    written, by which it is counted and found; with the offset it is an instant. ``doubted``: it
    lies so far in the future that nothing is counted or ordered by it.
    """

    value: str
    precision: Precision
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article came from.

    ``path`` is relative to the inbox with ``/`` between folders, ``bytes`` the file's size,
    ``sha256`` the hex digest of its bytes; ``format`` is what the reader of its format calls it
    (``text``, ``json`` …), ``encoding`` what the bytes were decoded with, and ``warnings`` are
    sentences that tell a person what was odd but did not stop the article. ``version`` is which
    version of the article it is, as its source counts them, "" where it does not say. ``site`` is
    the data folder that the file lies in, "" where that is not told.
    """

    path: str
    name: str
    sha256: str
    bytes: int
    format: str
    encoding: str
    warnings: tuple[str, ...] = ()
    version: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One article as parsed, before any language processing.

    ``key`` is the deterministic document id (see ``extraction.formats.identity``). Texts are NFC
    with ``\\n`` line ends; ``body`` keeps its paragraphs, separated by an empty line. ``language``
    is ISO 639-1 or ``und``; ``date_problem`` tells why there is no date, or what is wrong with it
    (``missing``, ``unreadable``, ``ambiguous``, ``future``, ``past``); ``signature`` and
    ``minhash`` are those of ``extraction.story``; ``parts`` are the words of ``german.findable`` by
    which it can be found too. ``partial``: the source holds a part of the article alone.
    ``subjects``, ``slugline`` and ``genre`` are what the source says of it, ``modified`` when that
    last changed it (ISO 8601 as in ``Published``), "" and nothing where it does not say.
    ``embargo_until``: the instant (ISO 8601) until which it may not be published, "" where nothing
    held it when it came.
    """

    key: str
    headline: str
    source: Source
    kicker: str = ""
    lead: str = ""
    body: str = ""
    published: Published | None = None
    date_problem: str = ""
    dateline_places: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    language: str | None = None
    url: str | None = None
    signature: tuple[str, ...] = ()
    minhash: str = ""
    parts: tuple[str, ...] = ()
    partial: bool = False
    subjects: tuple[str, ...] = ()
    slugline: str = ""
    genre: tuple[str, ...] = ()
    modified: str = ""
    embargo_until: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One text of an article, as its document's history tells of it.

    ``number`` counts from 1 in the order in which texts were taken; the newest need not have the
    highest. ``path``, ``sha256`` and ``bytes`` are of its file, ``received_at`` is when that was
    claimed (ISO 8601), ``arrived_at`` when it counts as having come. ``text`` is the digest of
    ``indexing.writing.same_text``; ``source_version`` and ``modified`` are what the source says,
    if it does; ``changed`` names the fields that are others than in the text before it, with
    commas. ``reparsed`` is when it was read anew from the bytes of the version before it, "" where
    a file brought it; ``read_as`` is what that one was read as, by the names of fields, as JSON.
    ``site`` is as in ``Source``.
    """

    number: int
    path: str = ""
    sha256: str = ""
    bytes: int = 0
    received_at: str = ""
    arrived_at: str = ""
    text: str = ""
    headline: str = ""
    source_version: int | None = None
    modified: str = ""
    changed: str = ""
    reparsed: str = ""
    read_as: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class Copy:
    """A file with a text of an article that lies at another site than the one it was made of.

    ``path``, ``sha256`` and ``bytes`` are of the file, ``received_at`` is when it was claimed.
    """

    site: str
    path: str = ""
    sha256: str = ""
    bytes: int = 0
    received_at: str = ""


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a person has set of an article, as its document tells of it.

    ``field`` is which one, ``at`` when (ISO 8601), ``who`` by whom. ``key`` is another key by which
    the article is known for it. What its source says stands beside them.
    """

    field: str
    at: str = ""
    who: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """One occurrence of a name: ``text[start:end]`` of the article's ``field``.

    Offsets count characters (code points). ``name`` is the canonical name, ``surface`` what
    stands in the text. ``role`` is what the text calls a person right there, in the nominative
    (``Präsident``), ``role_of`` the canonical name of what the person stands for (``Russland``),
    without a role a party in brackets; both are "" where the text says nothing.
    """

    label: Label
    name: str
    surface: str
    field: str
    start: int
    end: int
    role: str = ""
    role_of: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said, in the words of the text.

    ``speaker`` is a canonical name, a noun phrase that stands for nobody known (``speaker_label``
    is then empty), or empty; ``cue`` is what tells of the speech (``sagte``, ``laut``). The span
    ``start`` to ``end`` of ``field`` holds all its parts.
    """

    text: str
    kind: QuoteKind
    speaker: str
    speaker_label: str
    cue: str
    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DateMention:
    """An expression of time: ``first`` and ``last`` day (ISO 8601, inclusive), or both empty.

    ``value`` is as in TIMEX3 (``2024-06-19``, ``2019-FA``, ``P3D``).
    """

    surface: str
    kind: str
    value: str
    first: str
    last: str
    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Location:
    """Where a place of the article lies; ``country`` is ISO 3166-1 alpha-2, or empty.

    ``kind`` is country, region, city, district, continent, water or historic; degrees are
    ``None`` where a name stands for several places of one country.
    """

    name: str
    country: str
    kind: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What the pipeline read out of one article; names are canonical, most mentioned first.

    ``countries`` are ISO 3166-1 alpha-2 codes, ``locations`` pairs of latitude and longitude
    of what is smaller than a country; ``located`` says which place is which.
    ``meaning`` is the vector of :mod:`extraction.meaning`, empty where that is switched off.
    ``unread`` tells why there is nothing else: ``language`` where the text is not German.
    """

    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    misc: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    countries: tuple[str, ...] = ()
    locations: tuple[tuple[float, float], ...] = ()
    located: tuple[Location, ...] = ()
    quotes: tuple[Quote, ...] = ()
    dates: tuple[DateMention, ...] = ()
    keyphrases: tuple[str, ...] = ()
    meaning: tuple[float, ...] = ()
    unread: str = ""
