"""What a source says of its article, and cannot be so: it is left out, with a warning."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from extraction.formats.draft import Draft
from extraction.language import UNKNOWN
from german.wordlist import word_list

_SHOWN = 80
_CODE = re.compile(r"([a-zA-Z]{2})(?:[-_][a-zA-Z0-9-]+)?\Z")
#: A name with a dot, an address in digits, or this machine.
_HOST = re.compile(
    r"(?:[^\s.]+\.)+[^\s.]{2,}|(?:\d{1,3}\.){3}\d{1,3}|localhost|[0-9a-f]*:[0-9a-f:.]+"
)
#: ISO 639-1, all of it.
_CODES = word_list(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da
    de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz
    ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln
    lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi
    pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti
    tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """
)
#: What the words of a text do not tell apart.
_VARIETIES = {"no": "nb", "nn": "nb", "bs": "hr", "sr": "hr"}


def believable(draft: Draft) -> Draft:
    """Return ``draft`` without a URL that is no web address and a language that is none.

    Such a URL must not be the key: all articles with ``n/a`` would be one.
    """
    warnings = [*draft.warnings]
    if draft.url and not is_web_address(draft.url):
        warnings.append(
            f"{draft.url[:_SHOWN]!r} is no web address (https://…); it was left out, "
            "and tells no article from another."
        )
        draft = replace(draft, url=None)
    if draft.language and not is_language(draft.language):
        warnings.append(
            f"{draft.language[:_SHOWN]!r} is no language of ISO 639-1, such as de or de-AT; "
            "it was left out."
        )
        draft = replace(draft, language=None)
    said = tuple(warnings)
    return draft if said == draft.warnings else replace(draft, warnings=said)


def contradicted(declared: str | None, told: str) -> tuple[str, ...]:
    """Return the warning where a text is clearly in another language than its source says."""
    if not declared or told == UNKNOWN or _variety(told) == _variety(declared[:2].lower()):
        return ()
    return (f"The language is given as {declared!r}, but the text is in {told!r}: that counts.",)


def _variety(code: str) -> str:
    return _VARIETIES.get(code, code)


def is_web_address(url: str) -> bool:
    """Tell whether it is an address of the web: ``http`` or ``https``, and a host."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    known = parts.scheme in {"http", "https"} and _HOST.fullmatch(host) is not None
    return known and not re.search(r"\s", url)


def is_language(code: str) -> bool:
    """Tell whether it is a code of ISO 639-1, with or without a country behind it."""
    match = _CODE.match(code)
    return match is not None and match[1].lower() in _CODES
