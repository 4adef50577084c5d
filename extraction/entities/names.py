"""Give the mentions of one article their canonical names, labels and roles.

Pure: mentions and texts in, mentions out. People never meet names of other labels: the person
Paris and the city Paris stay two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from articles.article import TEXT_FIELDS, Label, Mention
from extraction.analysed_text import analysed
from extraction.entities import aliases as rules
from extraction.entities import gazetteer as lists
from extraction.entities.aliases import Aliases
from extraction.entities.common_nouns import without_common_nouns
from extraction.entities.context import Context
from extraction.entities.gazetteer import Gazetteer
from extraction.entities.labels import settled
from extraction.entities.persons import named_people
from extraction.entities.roles import with_roles
from extraction.entities.things import named_things
from extraction.entities.trim import is_abbreviation_alone, is_derived, parted, without_inhabitants

LABELS: tuple[Label, ...] = get_args(Label)


def canonical(
    mentions: Sequence[Mention],
    texts: Mapping[str, str] | None = None,
    gazetteer: Gazetteer | None = None,
    aliases: Aliases | None = None,
) -> list[Mention]:
    """Return the mentions in reading order, each with the canonical name of its surface.

    ``texts`` are the article's texts by field; without them there are no roles, and what only the
    words around a name tell is not seen. Mentions that are no names (``Berliner``, ``deutsche``,
    what the aliases block) are left out. Whatever ``name`` or role a mention had is not looked
    at.
    """
    known, laid_down = gazetteer or lists.shipped(), aliases or rules.shipped()
    each = (part for mention in mentions for part in parted(mention, known))
    ordered = (m for m in sorted(each, key=_order) if m.surface.strip())
    cut = analysed(texts or {})
    kept = [
        m
        for m in ordered
        if not laid_down.is_blocked(m.label, m.surface) and not is_abbreviation_alone(m, cut)
    ]
    context = Context(cut, kept)
    labelled = settled(context, known, laid_down)
    kept = [m for m in labelled if not is_derived(m, known)]
    context = Context(cut, without_inhabitants(Context(cut, kept)))
    context = Context(cut, without_common_nouns(context, known, laid_down))
    names: dict[int, str] = {}
    for label in LABELS:
        of_label = [i for i, m in enumerate(context.mentions) if m.label == label]
        named = named_people if label == "PER" else named_things
        names |= named(context, of_label, label, known, laid_down)
    return with_roles(context, names, known, laid_down)


def _order(mention: Mention) -> tuple[int, int, int, str]:
    rank = TEXT_FIELDS.index(mention.field) if mention.field in TEXT_FIELDS else len(TEXT_FIELDS)
    return rank, mention.start, mention.end, mention.surface
