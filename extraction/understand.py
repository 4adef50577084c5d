"""What an article's mentions and texts say together: the last steps of reading, and pure ones.

Between the two, ``named`` and ``understood``, the archive can be asked about bare surnames.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from articles.article import (
    TEXT_FIELDS,
    DateMention,
    Enrichment,
    Label,
    Location,
    Mention,
    Published,
    Quote,
)
from extraction.analysed_text import AnalysedText, analysed
from extraction.dateline_places import dateline_mentions
from extraction.entities.aliases import Aliases, shipped
from extraction.entities.archive import resolved, unresolved
from extraction.entities.compound_names import Compound, names_inside
from extraction.entities.counted_names import counted
from extraction.entities.formed_names import with_formed
from extraction.entities.gazetteer import shipped as gazetteer
from extraction.entities.heads import with_head_labels, with_years
from extraction.entities.listed_names import with_listed
from extraction.entities.missed import with_missed
from extraction.entities.names import canonical
from extraction.entities.nicknames import with_nicknames
from extraction.entities.owners import with_owners
from extraction.entities.situated import with_situated
from extraction.entities.whole_names import with_whole_names
from extraction.formats.dateline import read_dateline
from extraction.geography import Located, german_name, locate
from extraction.keyphrases import read_keyphrases
from extraction.quotes import read_quotes
from extraction.temporal import read_dates
from extraction.text import Text


@dataclass(frozen=True, slots=True)
class RecognisedText:
    """An article and its names, of which only the archive can complete the ``bare`` surnames.

    ``cut`` are its texts with what they were cut into, ``inside`` the names inside of words,
    ``derived`` words made of places' names.
    """

    text: Text
    cut: AnalysedText
    mentions: Sequence[Mention] = ()
    bare: Sequence[str] = ()
    inside: Sequence[Mention] = ()
    derived: Sequence[str] = ()


def named(
    text: Text,
    mentions: Sequence[Mention],
    aliases: Aliases | None = None,
    compounds: Sequence[Compound] = (),
    derived: Sequence[str] = (),
) -> RecognisedText:
    """Return the canonical names of the mentions, and of those that the model missed.

    ``compounds`` are the words of which the model says that they hold a name, ``derived`` those
    that it says are made of a place's name.
    """
    cut = analysed(text.fields)
    if text.foreign:
        return RecognisedText(text, cut)
    listed = with_formed(with_listed(mentions, cut, behind=_dateline_end(text.body)), cut)
    people = with_owners(with_whole_names(with_nicknames(with_situated(listed, cut), cut), cut))
    complete = with_missed(with_years(with_head_labels(people), cut), cut)
    under_names = canonical(complete, cut, aliases=aliases)
    inside = names_inside(compounds, under_names, cut, gazetteer(), aliases or shipped())
    bare = unresolved([*under_names, *inside])
    return RecognisedText(text, cut, under_names, bare, inside, derived)


def _dateline_end(body: str) -> int:
    """Return where the dateline ends: its agency is no organisation that the article names."""
    dateline = read_dateline(body)
    return dateline.end if dateline else 0


def understood(
    recognised: RecognisedText, full: Mapping[str, str], aliases: Aliases | None = None
) -> Enrichment:
    """Return the enrichment of an article whose names are known.

    ``full`` are the full names of those whom the archive means by bare surnames; ``aliases`` a
    user's rules about names, over the shipped ones.
    """
    if recognised.text.foreign:
        return Enrichment(unread="language")
    if full:
        mentions, inside = resolved(recognised.mentions, full), resolved(recognised.inside, full)
        recognised = replace(recognised, mentions=mentions, inside=inside)
    return _gathered(recognised, aliases or shipped())


def _gathered(recognised: RecognisedText, aliases: Aliases) -> Enrichment:
    text, cut = recognised.text, recognised.cut
    own, inside = recognised.mentions, recognised.inside
    dateline = dateline_mentions(text)
    listed = [*own, *counted(inside, own), *dateline]
    places = _counted(listed, "LOC")
    located = locate(places, text.dateline_places, cut, recognised.derived)
    speaking = [_placed(mention, located, aliases) for mention in own]
    beside = [*inside, *(mention for mention in dateline if mention.surface)]
    mentions = _in_order([*speaking, *(_placed(m, located, aliases) for m in beside)])
    listed = _in_order([_placed(mention, located, aliases) for mention in listed])
    named = {label: _ranked(listed, label) for label in ("PER", "ORG", "LOC", "MISC")}
    names = {name for ranked in named.values() for name in ranked}
    return Enrichment(
        people=named["PER"],
        organisations=named["ORG"],
        places=named["LOC"],
        misc=named["MISC"],
        mentions=tuple(mentions),
        countries=located.countries,
        locations=located.points,
        located=tuple(_locations(located)),
        quotes=tuple(_quotes(cut, speaking)),
        dates=tuple(_dates(cut, text.published)),
        keyphrases=read_keyphrases(cut, names),
    )


def _in_order(mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions in reading order, a name before what it holds."""
    return sorted(mentions, key=lambda m: (TEXT_FIELDS.index(m.field), m.start, -m.end))


def _placed(mention: Mention, located: Located, aliases: Aliases) -> Mention:
    """Give a place its German name (``Kyiv`` is ``Kiew``), unless the user calls it otherwise."""
    if mention.label != "LOC":
        return mention
    place = located.places.get(mention.name)
    name = place.name if place else german_name(mention.name)
    return replace(mention, name=aliases.name("LOC", name))


def _locations(located: Located) -> Iterator[Location]:
    known = {place.name: place for place in located.places.values()}
    for location in known.values():
        yield Location(
            location.name, location.country, location.kind, location.latitude, location.longitude
        )


def _counted(mentions: Sequence[Mention], label: Label) -> Counter[str]:
    return Counter(mention.name for mention in mentions if mention.label == label)


def _ranked(mentions: Sequence[Mention], label: Label) -> tuple[str, ...]:
    """Most mentioned first, then first mentioned."""
    return tuple(name for name, _ in _counted(mentions, label).most_common())


def _quotes(cut: AnalysedText, mentions: Sequence[Mention]) -> Iterator[Quote]:
    for quote in read_quotes(cut, mentions):
        yield Quote(
            text=quote.text,
            kind=quote.kind,
            speaker=quote.speaker,
            speaker_label=quote.speaker_label,
            cue=quote.cue,
            field=quote.field,
            start=quote.start,
            end=quote.end,
        )


def _dates(cut: AnalysedText, published: Published | None) -> Iterator[DateMention]:
    for field in cut:
        for mention in read_dates(cut.of(field), published):
            yield DateMention(
                surface=mention.surface,
                kind=mention.kind,
                value=mention.value,
                first=mention.first,
                last=mention.last,
                field=field,
                start=mention.start,
                end=mention.end,
            )
