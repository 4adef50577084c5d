"""Pages in the manner of real content systems, with what is right: ``benchmarks/html``.

Each file there is the markup of one system, written by hand, with places for an article; the texts
are the sample articles of ``seeds/articles``. Three pages of each: plain, with headings between the
paragraphs, and with a barrier behind the first paragraphs where the system has one.

Above the line ``---`` a file says how it writes a paragraph (``p``) and a heading (``h``), what
stands between paragraphs (``after``), how exact its date is (``date``), what is not there
(``lead: none``, ``author: none``), which ``agency`` it names and how many paragraphs a ``stub``
has.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from html import escape
from pathlib import Path

from articles.article import Article
from benchmarks.samples import samples
from extraction.formats.byline import read_byline

FOLDER = Path(__file__).parent / "html"
HALVES = ("tuned", "held-out")
PAGES_OF_ONE = 3
_AUTHORS = ("Anna Muster", "Ben Bauer", "Céline Groß-Yıldız", "Jörg van der Heide", "Karla Lüders")
_HEADINGS = ("Kritik kommt auch aus den eigenen Reihen", "Wie es jetzt weitergeht")
_MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September"),
    *("Oktober", "November", "Dezember"),
)
_WEEKDAYS = (*("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),)
_PLACE = re.compile(r"\{\{([\w:]+)\}\}")
_STUB = re.compile(r"\{\{stub:(.*?)\}\}(?=\n|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """Markup, and what a reader of the page would say that its article is."""

    name: str
    markup: str
    headline: str
    kicker: str
    lead: str
    text: tuple[str, ...]
    date: str
    authors: tuple[str, ...]
    partial: bool


def pages(half: str) -> list[Page]:
    """Return the pages of a half: those that the rules were made with, or those written later."""
    files = sorted((FOLDER / half).glob("*.html"))
    articles = [each for each in samples().values() if each.kicker and each.lead]
    return [
        _page(file, articles[(7 * number + 5 * turn + len(half)) % len(articles)], number, turn)
        for number, file in enumerate(files)
        for turn in range(PAGES_OF_ONE)
    ]


def _page(file: Path, article: Article, number: int, turn: int) -> Page:
    options, template = _parted(file.read_text("utf-8"))
    author = _AUTHORS[(number + turn) % len(_AUTHORS)]
    moment = _moment(article, number, turn)
    whole = _paragraphs(article, options)
    stub = int(options.get("stub", "0")) if turn == 1 else 0
    shown = whole[:stub] if stub else whole
    blocks = [("p", text) for text in shown]
    if turn and not stub:
        blocks[2:2] = [("h", _HEADINGS[0])]
        blocks[5:5] = [("h", _HEADINGS[1])]
    values = _values(file.stem, article, author, moment, whole, options) | {
        "free": "false" if stub else "true"
    }
    values["body"] = _body(blocks, options)
    markup = _STUB.sub(lambda match: match[1] if stub else "", template)
    markup = _PLACE.sub(lambda match: _value(match[1], values), markup)
    has_lead = options.get("lead") != "none"
    kept = whole if stub and options.get("fulltext") else [text for _, text in blocks]
    return Page(
        name=f"{file.stem}-{turn + 1}",
        markup=markup,
        headline=article.headline,
        kicker=article.kicker if "{{kicker}}" in template.partition("<body")[2] else "",
        lead=article.lead if has_lead else "",
        text=tuple(kept),
        date=f"{moment:%Y-%m-%d}" if options["date"] == "day" else moment.isoformat(),
        authors=() if options.get("author") == "none" else (author,),
        partial=bool(stub) and not options.get("fulltext"),
    )


def _parted(text: str) -> tuple[dict[str, str], str]:
    above, _, template = text.partition("\n---\n")
    lines = (line.partition(":") for line in above.split("\n"))
    return {name.strip(): value.strip() for name, _, value in lines}, template


def _paragraphs(article: Article, options: dict[str, str]) -> list[str]:
    body = re.sub(r"\A[^|\n]{3,60} \| ", "", article.body)
    parts = [part for part in body.split("\n\n") if not read_byline(part)]
    texts = [" ".join(part.split()) for part in parts]
    if options.get("lead") == "none":
        texts = [article.lead, *texts]
    if dateline := options.get("dateline"):
        texts[0] = f"{dateline} - {texts[0]}"
    return texts


def _moment(article: Article, number: int, turn: int) -> datetime:
    day = article.published.value if article.published else "2024-06-19"
    year, month, date = (int(part) for part in (f"{day[:10]}-01-01"[:10]).split("-"))
    summer = 4 <= month <= 9
    zone = timezone(timedelta(hours=2 if summer and year > 1980 else 1))
    return datetime(year, month, date, 6 + (5 * number + 3 * turn) % 17, 7 * turn + 10, tzinfo=zone)


def _values(
    name: str,
    article: Article,
    author: str,
    moment: datetime,
    whole: list[str],
    options: dict[str, str],
) -> dict[str, str]:
    full = "\n\n".join(whole)
    slug = re.sub(r"[^a-z0-9]+", "-", article.headline.lower()).strip("-")
    return {
        "headline": article.headline,
        "kicker": article.kicker,
        "lead": article.lead,
        "first": whole[0][:150] + " …",
        "full": full,
        "words": str(len(f"{article.lead} {full}".split())),
        "author": author,
        "short_author": "".join(word[0] for word in author.lower().split()),
        "agency": options.get("agency", ""),
        "iso": moment.isoformat(),
        "utc": f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}",
        "modified": (moment + timedelta(hours=26)).isoformat(),
        "spaced": f"{moment:%Y-%m-%d %H:%M:%S}",
        "day": f"{moment:%Y-%m-%d}",
        "short": f"{moment:%d.%m.%Y}",
        "long": f"{moment.day}. {_MONTHS[moment.month - 1]} {moment.year}",
        "clock": f"{moment:%H:%M}",
        "slash": f"{moment:%Y/%m/%d}",
        "url": f"https://www.{name}.example.org/politik/{slug}-1.{moment:%d%m}{moment.hour}",
        "slug": slug,
        "weekday": _WEEKDAYS[moment.weekday()],
    }


def _value(place: str, values: dict[str, str]) -> str:
    kind, _, name = place.rpartition(":")
    if kind == "json":
        return json.dumps(values[name], ensure_ascii=False)[1:-1].replace("</", "<\\/")
    return values[name] if name in {"body", "full"} else escape(values[name])


def _body(blocks: list[tuple[str, str]], options: dict[str, str]) -> str:
    pieces = [options[kind].replace("{{text}}", escape(text, quote=False)) for kind, text in blocks]
    pieces[1:1] = [options.get("after", "")]
    if len(pieces) > 4:
        pieces[4:4] = [options.get("after-2", "")]
    return "\n".join(pieces)
