"""The role in which an article presents a person, and of what: ``Präsident`` of ``Russland``.

By patterns around the name: a role noun right before it (``Russlands Präsident Wladimir Putin``,
``der russische Präsident Putin``, ``CDU-Chef Merz``), a role noun and what it belongs to before it
(``Sprecher der Polizei, Max Müller``), or an apposition behind it (``Putin, Präsident der
Russischen Föderation,``). Only what stands in the same sentence and within 160 characters is seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from articles.article import Mention
from extraction.entities import role_patterns as patterns
from extraction.entities.aliases import Aliases
from extraction.entities.belonging import Belonging
from extraction.entities.context import Context, line_before
from extraction.entities.gazetteer import Gazetteer
from extraction.entities.role_nouns import ROLE_PREFIXES, Role
from extraction.entities.titles import without_title


def with_roles(
    context: Context, names: Mapping[int, str], gazetteer: Gazetteer, aliases: Aliases
) -> list[Mention]:
    """Return the mentions that have a name, with it, and the people with their roles."""
    belonging = Belonging(context, names, gazetteer, aliases)
    done = []
    for index, mention in enumerate(context.mentions):
        if index not in names:
            continue
        role = of = ""
        if mention.label == "PER":
            belonging.gender = gazetteer.gender(names[index])
            belonging.attribute = _is_attribute(context, mention, names[index])
            role, of = _role(context, mention, belonging)
        of = of if of != names[index] else ""
        done.append(replace(mention, name=names[index], role=role, role_of=of))
    return done


def _is_attribute(context: Context, mention: Mention, name: str) -> bool:
    """Tell whether a name is a genitive that governs no noun: ``gilt als Schülerin Abes``."""
    genitive = mention.surface.endswith("s") and not name.endswith("s")
    text = context.texts.get(mention.field, "")
    return genitive and not re.match(r"\s[A-ZÄÖÜ„]", text[mention.end : mention.end + 2])


def _role(context: Context, mention: Mention, belonging: Belonging) -> tuple[str, str]:
    """Return role and what it is the role of, "" for what the text does not say."""
    plain = without_title(mention.surface, belonging.gazetteer)
    start = mention.start + (plain.offset if plain.name else 0)
    text = context.texts.get(mention.field, "")
    if not text:
        return "", ""
    sentence = sentence_before(context, mention.field, start)
    read = (
        _before(text, start, sentence, mention.field, belonging)
        or _with_of(text, start, sentence, mention.field, belonging)
        or _behind(text, mention, belonging)
        or ("", "")
    )
    role, of = read
    return role, of or belonging.behind(text, mention, having_role=bool(role))


def sentence_before(context: Context, field: str, start: int) -> str:
    """Return what stands before ``start`` in the sentence, 160 characters at most."""
    text = context.texts.of(field)
    piece = line_before(text.text, start)
    piece = piece[max(text.sentence_start(start) - start + len(piece), 0) :]
    ends = [match.end() for match in patterns.PART_END.finditer(piece)]
    return piece[ends[-1] :] if ends else piece


def _before(
    text: str, start: int, sentence: str, field: str, belonging: Belonging
) -> tuple[str, str] | None:
    """``Russlands Präsident |``"""
    # The search tries each letter of the sentence, for each of names in a row like A/B/C.
    near = sentence[-1:].isspace() or sentence.endswith(patterns.OPENING)
    match = patterns.ADJACENT.search(sentence) if near else None
    if not match or belonging.attribute:
        return None
    at = start - len(sentence) + match.start("role")
    role = belonging.role(text, match["role"], at)
    if not role:
        return None
    name, of = _split(role, belonging)
    return name, belonging.whole(text, at, of) or belonging.owner(text, at, field)


def _with_of(
    text: str, start: int, sentence: str, field: str, belonging: Belonging
) -> tuple[str, str] | None:
    """``Sprecher der Polizei, |``"""
    for match in _overlapping(sentence):
        at = start - len(sentence)
        role = belonging.role(text, match["role"], at + match.start("role"))
        if role:
            name, of = _split(role, belonging)
            phrase = belonging.phrase(match["prep"], match["of"], at + match.start("of"), field)
            return name, of or phrase
    return None


def _overlapping(sentence: str) -> list[re.Match[str]]:
    """Return every match that reaches the end, the nearest role last word first."""
    matches: list[re.Match[str]] = []
    at = 0 if sentence[-1:].isspace() else len(sentence)
    while match := patterns.WITH_OF.search(sentence, at):
        matches.append(match)
        at = match.end("role")
    return matches


def _behind(text: str, mention: Mention, belonging: Belonging) -> tuple[str, str] | None:
    """``|, Präsident der Ukraine``"""
    end = mention.end
    if bracket := patterns.BRACKET.match(text, end):
        end = bracket.end()
    match = patterns.BEHIND.match(text[end : end + 200])
    if not match or "\n" in match[0]:
        return None
    role = belonging.role(text, match["role"], end + match.start("role"))
    if not role or belonging.goes_on(text, end + match.end("role"), mention.field):
        return None
    name, of = _split(role, belonging)
    if not of and match["of"]:
        of = belonging.phrase(match["prep"], match["of"], end + match.start("of"), mention.field)
    return name, of or belonging.owner(text, end + match.start("role"), mention.field)


def _split(role: Role, belonging: Belonging) -> tuple[str, str]:
    """Split ``CDU-Vorsitzende`` into ``Vorsitzende`` and ``CDU``; ``Ex-`` stays with the role."""
    *parts, head = role.name.split("-")
    kept = [part for part in parts if part.casefold() in ROLE_PREFIXES]
    names = [part for part in parts if part.casefold() not in ROLE_PREFIXES]
    if not names:
        return role.name, ""
    return "-".join([*kept, head[:1].upper() + head[1:]]), belonging.named("-".join(names))
