"""The patterns by which a role stands around a name; ``|`` marks the name below."""

from __future__ import annotations

import re

TITLES = r"(?:(?:Dr|Prof|med|jur|phil|rer|nat|h\.c|Dipl\.-Ing)\.?\s+|Herrn?\s+|Frau\s+)*"
OF = (
    r"(?P<prep>des|der|von der|von den|vom|von|an der|am|an den|bei der|bei|beim|für das|für die"
    r"|für den|für|in der|im|in|aus der|aus|zur|zum)"
)
#: With ``Sprecher:in`` and ``Sprecher*in``.
WORD = r"[^\W\d_](?:[\w&/'’-]|[:*](?=(?:in|r)\b))*"
NAME = r"[A-ZÄÖÜ][\w&/.'’-]*"
_LINK = r"(?:für|der|des|und|am|in|an|im|von|vom|für die|für das|in der|an der)"
PHRASE = rf"(?:[a-zäöüß][\w-]*\s+){{0,2}}{NAME}(?:\s+(?:{_LINK}\s+)?{NAME}){{0,6}}"

OPENING = ("„", '"', "»", "‚")
#: ``Präsident |``
ADJACENT = re.compile(rf"(?<![\w-])(?P<role>{WORD})\s+[{''.join(OPENING)}]?{TITLES}\Z")
#: ``Sprecher der Polizei, |``
WITH_OF = re.compile(rf"(?<![\w-])(?P<role>{NAME})\s+{OF}\s+(?P<of>{PHRASE})\s*,?\s+{TITLES}\Z")
#: ``| (SPD)``
BRACKET = re.compile(r"\s?\((?P<inside>[^()]{1,40})\)")
#: ``|, der frühere Präsident der Ukraine``
BEHIND = re.compile(
    r"\s?[,–—-]\s(?:(?:der|die|ein|eine|einst|damals|heute|seit\s\d+|[a-zäöüß]+e[rnms]?)\s+){0,4}"
    rf"(?:(?P<owner>{NAME})\s+(?:[a-zäöüß]+e[rnms]?\s+)?)??(?P<role>{NAME})"
    rf"(?:\s+{OF}\s+(?P<of>{PHRASE}))?"
)
#: ``| vom Ifo-Institut``
FROM = re.compile(r"\s?,?\s(?:von|von der|vom|von den|an der|am|beim|bei der|aus der)\s\Z")
#: Adjectives between whom a person belongs to and the role: ``Russlands früherer Präsident``.
ADJECTIVES = re.compile(
    r"(?:(?<![\w-])(?!(?:de[rnms]|die|eine[rnms]?|[sd]?eine[rnms]?|ihre[rnms]?)\s)"
    r"[a-zäöüß][\w-]*e[rnms]?\s+){0,3}\Z"
)
#: Within a sentence, marks before which nothing counts.
PART_END = re.compile(r"[:;–]\s")
#: The end of a genitive: ``Putins Sprecher``, ``Merz' Sprecher``.
GENITIVE = re.compile(r"(?:s|[sxzß]['’]|['’]s)\Z")
