"""The fields of an article's document: one declaration each, from which all else derives.

The mapping, the document, the query language, facets, hits, exports, ``show``, the pages of
entities and the check of Kibana's objects are made from this table. How a field is added:
``docs/architecture.md``.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Literal, get_args

from articles.article import Label

#: How a field is indexed; ``indexing.index.mapping`` says what Elasticsearch makes of each.
FieldType = Literal[
    "all_text",
    "count",
    "date",
    "days",
    "earlier_texts",
    "english",
    "findable",
    "flag",
    "folded",
    "french",
    "headline",
    "keyword",
    "minhash",
    "names",
    "number",
    "offset",
    "point",
    "quoted_text",
    "quotes",
    "records",
    "signature",
    "term",
    "text",
    "vector",
]
#: The kinds of entity that have a page of their own, and those that rules about names speak of.
Kind = Literal["person", "organisation", "place"]
RuleKind = Literal["person", "organisation", "place", "misc"]
#: How a JSON file or a message says it; ``articles.parts`` has what may stand there.
Given = Literal["text", "line", "lines", "id"]
#: Where a field is seen: counted with each search, a column of an export unless others are named,
#: a row of ``show``, counted on Kibana's dashboards.
View = Literal["facets", "export", "show", "charts"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the index; a dot in its ``name`` leads into an object.

    ``of`` tells whether it is made of an attribute of the ``Article`` or of its ``Enrichment``,
    and ``attribute`` of which, where that is not called like the field. ``of`` is empty for the
    parts of an object and for what the archive notes itself.

    ``filters`` is what the query language calls it, the name that is shown first, and ``verb``
    what an article does to a value of it (``quotes``). ``label`` is the one under which the
    rules about names know its values, ``kind`` the kind of entity that it lists. ``in_hit`` is
    how many of its values stand with a hit. ``values`` are all that there can be, where they
    are few. ``given`` is how a JSON file or a message says it, under the name of its attribute,
    and ``about`` tells in a line what is meant.
    """

    name: str
    type: FieldType
    of: Literal["article", "enrichment", ""] = ""
    _: KW_ONLY
    attribute: str = ""
    views: tuple[View, ...] = ()
    filters: tuple[str, ...] = ()
    verb: str = "names"
    label: Label | None = None
    kind: RuleKind | None = None
    in_hit: int = 0
    values: tuple[str, ...] = ()
    given: Given | None = None
    about: str = ""

    @property
    def part(self) -> str:
        """What a JSON file or a message calls it."""
        return self.attribute or self.name


#: In the order of an export's columns.
FIELDS: tuple[Field, ...] = (
    Field(
        "published",
        "date",
        "article",
        views=("export",),
        given="line",
        about="the date of publication, such as 2024-06-19, 2024-06, 2024 or an ISO 8601 time",
    ),
    Field("published_precision", "keyword", "article", attribute="published"),
    # What the date covers by the calendar of the place where it was written; see `in:`.
    Field("published_range", "days", "article", attribute="published"),
    # Its day there (or month, or year), by which articles are counted and ordered. None of a date
    # that nobody believes.
    Field("published_day", "date", "article", attribute="published"),
    # When its source last changed it, where that is another time than that of publication.
    Field(
        "modified",
        "date",
        "article",
        views=("export", "show"),
        given="line",
        about="when it was last changed, written as `published` is",
    ),
    # Until then no reader sees it; left out where none held it when it came.
    Field(
        "embargo_until",
        "date",
        "article",
        views=("export", "show"),
        given="line",
        about="until when it may not be published: a day or a time, as `published` is written",
    ),
    Field(
        "date_problem",
        "keyword",
        "article",
        views=("show",),
        filters=("undated",),
        verb="has a date that is",
        values=("missing", "unreadable", "ambiguous", "future"),
    ),
    Field(
        "kicker",
        "text",
        "article",
        views=("export",),
        given="text",
        about="the line above the headline",
    ),
    Field(
        "headline",
        "headline",
        "article",
        views=("export",),
        given="text",
        about="all that an article must have",
    ),
    Field(
        "lead",
        "text",
        "article",
        views=("export",),
        given="text",
        about="the paragraph between headline and body",
    ),
    Field(
        "body",
        "text",
        "article",
        views=("export",),
        given="text",
        about="the text, its paragraphs parted by empty lines",
    ),
    # True where the file holds a part of the article alone, as a page before a paywall does.
    Field("partial", "flag", "article", views=("show",)),
    # Words that the text does not spell: parts of its compounds, its nouns' singulars.
    Field("parts", "findable", "article"),
    # What a plain query searches: all of the above. It is in no document, only in the index.
    Field("text", "all_text"),
    # The same texts once more where they are not German, in the field of their language.
    Field("foreign.en", "english"),
    Field("foreign.fr", "french"),
    Field("foreign.other", "folded"),
    Field(
        "agency",
        "term",
        "article",
        attribute="agencies",
        views=("facets", "export", "show", "charts"),
        filters=("agency",),
        verb="is from",
        given="lines",
        about="news agencies such as dpa; read from the body if missing, [] says: none",
    ),
    Field(
        "byline",
        "term",
        "article",
        views=("export", "show"),
        given="lines",
        about="who wrote it, full names; read from the body if missing, [] says: none",
    ),
    Field(
        "dateline_place",
        "term",
        "article",
        attribute="dateline_places",
        views=("export", "show"),
        given="lines",
        about="where it was written; read from the body if missing, [] says: none",
    ),
    Field(
        "language",
        "keyword",
        "article",
        views=("show",),
        given="line",
        about="ISO 639-1, also de-AT; decides only where the text leaves it open",
    ),
    # What its source says that it is about, and is: nothing of it is read out of the text.
    Field(
        "subjects",
        "names",
        "article",
        views=("facets", "export", "show"),
        filters=("subject",),
        verb="is about",
        given="lines",
        about="what it is about: desks, topics, keywords, in the source's own words or codes",
    ),
    Field(
        "slugline",
        "keyword",
        "article",
        views=("export", "show"),
        given="line",
        about="the line by which a news agency knows a matter, such as Regierung/Finanzen",
    ),
    Field(
        "genre",
        "names",
        "article",
        views=("export", "show"),
        filters=("genre",),
        verb="is written as",
        given="lines",
        about="what kind of text it is, such as Interview or Kommentar",
    ),
    Field(
        "people",
        "names",
        "enrichment",
        views=("facets", "export", "show", "charts"),
        filters=("person",),
        label="PER",
        kind="person",
        in_hit=5,
    ),
    Field(
        "organisations",
        "names",
        "enrichment",
        views=("facets", "export", "show", "charts"),
        filters=("organisation", "organization"),
        label="ORG",
        kind="organisation",
        in_hit=3,
    ),
    Field(
        "places",
        "names",
        "enrichment",
        views=("facets", "export", "show", "charts"),
        filters=("place",),
        label="LOC",
        kind="place",
        in_hit=3,
    ),
    Field("countries", "keyword", "enrichment", views=("export", "show", "charts")),
    Field("misc", "names", "enrichment", views=("show",), label="MISC", kind="misc"),
    Field(
        "quoted_people",
        "names",
        "enrichment",
        attribute="quotes",
        views=("export", "charts"),
        filters=("quoted",),
        verb="quotes",
        label="PER",
    ),
    Field("quotes", "quotes", "enrichment", views=("show",)),
    Field("quotes.text", "quoted_text"),
    Field("quotes.kind", "keyword"),
    Field("quotes.speaker", "names"),
    Field("quotes.speaker_label", "keyword"),
    Field("quotes.cue", "keyword"),
    Field("quotes.field", "keyword"),
    Field("quotes.start", "offset"),
    Field("quotes.end", "offset"),
    Field("dates", "records", "enrichment", views=("show",)),
    Field("mentioned_dates", "days", "enrichment", attribute="dates"),
    Field("keyphrases", "term", "enrichment", views=("export", "show", "charts")),
    Field("mentions", "records", "enrichment"),
    Field("located", "records", "enrichment"),
    Field("locations", "point", "enrichment"),
    # Why none of the above was looked for: `language` where the text is not German.
    Field(
        "unread",
        "keyword",
        "enrichment",
        views=("show",),
        filters=("unread",),
        verb="was left unread for its",
    ),
    # Of headline, lead and the body's beginning; only where DEPESCHE_MEANING is on.
    Field("meaning", "vector", "enrichment"),
    Field("story", "keyword", views=("export", "show")),
    # Near-identical articles share a key of ``signature``; ``minhash`` tells how alike they are.
    Field("signature", "signature", "article"),
    Field("minhash", "minhash", "article"),
    Field(
        "url",
        "keyword",
        "article",
        views=("export",),
        given="line",
        about="the canonical web address; the key where there is no id",
    ),
    Field("source.path", "keyword", views=("export",)),
    # The data folder that its file lies in, where several write into one index.
    Field("source.site", "keyword"),
    Field("source.name", "keyword"),
    Field("source.sha256", "keyword"),
    Field("source.bytes", "number"),
    Field("source.format", "keyword"),
    Field("source.encoding", "keyword"),
    Field(
        "source.version",
        "keyword",
        attribute="version",
        views=("export",),
        given="id",
        about="which version of the article it is, as its source counts them",
    ),
    Field("source.warnings", "keyword"),
    Field("received_at", "date"),
    # Where it stands among all articles: its publication, or its receipt where it has no date that
    # anybody believes. Kibana has one field of time for a view.
    Field("shown_at", "date"),
    # When it counts as having come, where that is another moment: it was read again.
    Field("arrived_at", "date"),
    # Of an article that was corrected: which of its texts this is, what it changed, and the others.
    Field("version", "count"),
    Field("changed", "keyword"),
    # When it was read anew from the same bytes, where no file brought it.
    Field("reparsed", "date"),
    Field("history", "records"),
    # The ids that its other texts would have by their content, where it has none of its own.
    Field("known_as", "keyword"),
    Field("earlier", "earlier_texts"),
    # Files of other sites with a text of the article: the first of each.
    Field("copies", "records"),
    # What a person has set, and in whose place: the line of each has what the source says.
    Field(
        "corrected_by_hand",
        "keyword",
        filters=("corrected",),
        verb="was corrected by hand in its",
    ),
    Field("by_hand", "records"),
    Field("indexed_at", "date"),
    Field("enrichment.state", "keyword", views=("export",)),
    Field("enrichment.pipeline", "keyword"),
    Field("enrichment.at", "date"),
    Field("enrichment.attempts", "count"),
    Field("enrichment.error", "keyword"),
    # Of the latest request (`depesche reenrich`) for which it was read again.
    Field("enrichment.request", "count"),
)

#: For people: what was read out of an article comes before where it is from.
_READ_FIRST = sorted(FIELDS, key=lambda field: field.of != "enrichment")

BY_NAME: dict[str, Field] = {field.name: field for field in FIELDS}
#: What a filter is called -> the field that it asks for.
FILTERS: dict[str, Field] = {name: field for field in _READ_FIRST for name in field.filters}
#: What a kind of entity is called -> the field that lists its canonical names.
KINDS: dict[RuleKind, Field] = {field.kind: field for field in FIELDS if field.kind}
#: Those that have a page of their own.
PAGES: dict[Kind, Field] = {kind: KINDS[kind] for kind in get_args(Kind)}
LABELS: dict[RuleKind, Label] = {kind: field.label for kind, field in KINDS.items() if field.label}


def seen_in(view: View) -> tuple[Field, ...]:
    """Return the fields of a view: an export's in the order of its columns, else names first."""
    fields = FIELDS if view == "export" else _READ_FIRST
    return tuple(field for field in fields if view in field.views)


def with_a_hit() -> tuple[Field, ...]:
    """Return the fields whose first values stand with a hit."""
    return tuple(field for field in FIELDS if field.in_hit)
